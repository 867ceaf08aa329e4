"""Q10: the site and the histology of the cancer are more than "not otherwise specified"."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule

UNSPECIFIED = {
    "C80.9": "unknown primary site",
    "8000/3": "malignant neoplasm, not otherwise specified",
    "8010/3": "carcinoma, not otherwise specified",
}


def check(case: Case, context: Context) -> Iterator[Hit]:
    for primary in case.all(PrimaryCancer):
        for name, coded in (("topography", primary.topography), ("morphology", primary.morphology)):
            if coded is not None and coded.code in UNSPECIFIED:
                yield Hit(primary, f"{name}/code", {"code": coded.code, "meaning": UNSPECIFIED[coded.code]})


RULE = Rule(
    id="Q10",
    version=1,
    severity="query",
    title="Site and histology are specified",
    sentence="The primary site and the histology are known.",
    message="{code} means {meaning}. Send the site or histology of the pathology report, or confirm "
    "that it is unknown.",
    why="Tables by primary site and histology need both. Case 3 of Takamatsu et al. 2018 gives no "
    "histology and is coded 8000/3 until it is known.",
    fields=("primary_cancer.topography", "primary_cancer.morphology"),
    good=(
        {
            "primary_cancer": [
                {
                    "topography": {"system": "ICD-O-3", "code": "C53.9"},
                    "morphology": {"system": "ICD-O-3", "code": "8070/3"},
                }
            ]
        },
        {"primary_cancer": [{"primary_no": 1}]},
    ),
    bad=(
        {"primary_cancer": [{"morphology": {"system": "ICD-O-3", "code": "8000/3"}}]},
        {"primary_cancer": [{"morphology": {"system": "ICD-O-3", "code": "8010/3"}}]},
        {"primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C80.9"}}]},
    ),
    check=check,
)

"""Q36: the morphology of a primary does not carry the behaviour of a metastasis."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule

BEHAVIOUR = {"6": "a metastasis", "9": "malignant, primary or metastasis unknown"}


def check(case: Case, context: Context) -> Iterator[Hit]:
    for primary in case.all(PrimaryCancer):
        morphology = primary.morphology
        if morphology is None:
            continue
        histology, slash, behaviour = morphology.code.partition("/")
        if slash and behaviour in BEHAVIOUR:
            values = {
                "code": morphology.code,
                "behaviour": BEHAVIOUR[behaviour],
                "primary_code": histology + "/3",
            }
            yield Hit(primary, "morphology/code", values)


RULE = Rule(
    id="Q36",
    version=1,
    severity="query",
    title="Morphology is that of a primary",
    sentence="The morphology of the primary has the behaviour of a malignant primary tumour (/3).",
    message="{code} says by its last digit that the tissue is {behaviour}. If it describes the "
    "primary, send {primary_code}; if only the metastasis was examined, answer so.",
    why="In ICD-O-3 the behaviour /6 marks a metastasis; a primary takes /3. From memory, check "
    "against the ICD-O-3 rules before the statistical analysis plan is frozen.",
    fields=("primary_cancer.morphology",),
    good=(
        {"primary_cancer": [{"morphology": {"system": "ICD-O-3", "code": "8140/3"}}]},
        {"primary_cancer": [{}]},
    ),
    bad=({"primary_cancer": [{"morphology": {"system": "ICD-O-3", "code": "8140/6"}}]},),
    check=check,
)

"""Q11: the histology occurs at the site of the primary."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.domain.case import Case
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule


class Pair(NamedTuple):
    """ICD-O-3 histologies ``first`` to ``last`` and the sites where they occur or, if ``never``, do not."""

    first: int
    last: int
    name: str
    sites: tuple[str, ...]
    never: bool = False


PAIRS = (
    Pair(8050, 8086, "squamous cell carcinoma", ("C22", "C61", "C64"), never=True),
    Pair(8090, 8098, "basal cell carcinoma", ("C44", "C51", "C60", "C63", "C69")),
    Pair(8120, 8131, "urothelial carcinoma", ("C53", "C61", "C65", "C66", "C67", "C68", "C80")),
    Pair(8170, 8175, "hepatocellular carcinoma", ("C22",)),
    Pair(8310, 8319, "renal cell carcinoma", ("C56", "C53", "C54", "C57", "C64", "C67", "C68", "C80")),
    Pair(8441, 8442, "serous carcinoma", ("C48", "C53", "C54", "C55", "C56", "C57", "C80")),
    Pair(8460, 8463, "serous papillary carcinoma", ("C48", "C53", "C54", "C55", "C56", "C57", "C80")),
    Pair(8960, 8960, "nephroblastoma", ("C64",)),
    Pair(9380, 9480, "glioma", ("C69", "C70", "C71", "C72", "C75", "C80")),
)
"""A short list in the manner of the edit checks of cancer registries, not a table of what occurs."""


def check(case: Case, context: Context) -> Iterator[Hit]:
    for primary in case.all(PrimaryCancer):
        site, histology = primary.topography, primary.morphology
        if site is None or histology is None:
            continue
        number, category = histology.code[:4], site.code[:3]
        if not (number.isascii() and number.isdigit()):
            continue
        for pair in PAIRS:
            if pair.first <= int(number) <= pair.last and (category in pair.sites) is pair.never:
                values = {"histology": histology.code, "name": pair.name, "site": site.code}
                yield Hit(primary, "morphology/code", values)


RULE = Rule(
    id="Q11",
    version=1,
    severity="query",
    title="Histology fits the site",
    sentence="The histology of the primary occurs at its site.",
    message="{histology} ({name}) hardly ever arises at {site}. Check whether the site is that of a "
    "metastasis, whether the histology belongs to another primary, or confirm both.",
    why="A histology foreign to its site is usually a slip of one digit or the site of a metastasis. "
    "The list of pairs is short and from memory, check against the tables of the IARC before the "
    "statistical analysis plan is frozen.",
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
        {"primary_cancer": [{"morphology": {"system": "ICD-O-3", "code": "8070/3"}}]},
    ),
    bad=(
        {
            "primary_cancer": [
                {
                    "topography": {"system": "ICD-O-3", "code": "C61.9"},
                    "morphology": {"system": "ICD-O-3", "code": "8070/3"},
                }
            ]
        },
        {
            "primary_cancer": [
                {
                    "topography": {"system": "ICD-O-3", "code": "C34.9"},
                    "morphology": {"system": "ICD-O-3", "code": "8170/3"},
                }
            ]
        },
    ),
    check=check,
)

"""Q09: a stage comes with its system and the edition of it."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule

WITHOUT_EDITIONS = ("Ann Arbor", "other")


def check(case: Case, context: Context) -> Iterator[Hit]:
    for primary in case.all(PrimaryCancer):
        if (
            primary.stage_group is not None
            and primary.stage_edition is None
            and primary.stage_system not in WITHOUT_EDITIONS
        ):
            yield Hit(
                primary, "stage_edition", {"stage": primary.stage_group, "system": primary.stage_system}
            )


RULE = Rule(
    id="Q09",
    version=1,
    severity="query",
    title="Stage names its edition",
    sentence="A stage is recorded with its system and the edition of that system.",
    message="Stage {stage}, system {system}, has no edition. Send the system and its edition (the "
    "year for FIGO and Lugano, the number for TNM); if the chart does not say, answer so.",
    why="The same letters mean other diseases in other editions: FIGO IB of the endometrium differs "
    "between 1988 and 2009. Takamatsu et al. 2018 name neither system nor edition.",
    fields=("primary_cancer.stage_group", "primary_cancer.stage_system", "primary_cancer.stage_edition"),
    good=(
        {"primary_cancer": [{"stage_system": "FIGO", "stage_edition": "2018", "stage_group": "IB"}]},
        {"primary_cancer": [{"stage_system": "Ann Arbor", "stage_group": "IV"}]},
        {"primary_cancer": [{}]},
    ),
    bad=(
        {"primary_cancer": [{"stage_system": "FIGO", "stage_group": "IB"}]},
        {"primary_cancer": [{"stage_group": "IVB"}]},
    ),
    check=check,
)

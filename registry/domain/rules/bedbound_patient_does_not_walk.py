"""Q49: a patient with ECOG 4 does not walk independently."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.function import Function
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for function in case.all(Function):
        if function.ecog == 4 and function.ambulation == 4:
            yield Hit(function, "ambulation", {"ecog": 4, "ambulation": 4})


RULE = Rule(
    id="Q49",
    version=1,
    severity="query",
    title="Bedbound patient does not walk",
    sentence="A patient who is wholly confined to bed or chair does not walk independently.",
    message="ECOG {ecog} means confined to bed or chair, walking ability {ambulation} means walks "
    "independently. Correct the one that is wrong. On the ECOG scale 4 is the worst state, on the "
    "walking scale the best.",
    why="The two scales run in opposite directions and are easily confused. Registry decision.",
    fields=("function.ecog", "function.ambulation"),
    good=(
        {"function": [{"assess_date": "2025-03-01", "ecog": 4, "ambulation": 0}]},
        {"function": [{"assess_date": "2025-03-01", "ecog": 1, "ambulation": 4}]},
        {"function": [{"assess_date": "2025-03-01", "ambulation": 4}]},
    ),
    bad=({"function": [{"assess_date": "2025-03-01", "ecog": 4, "ambulation": 4}]},),
    check=check,
)

"""Q47: ECOG and Karnofsky performance status say the same."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.function import Function
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    lowest, highest = context.limits.ecog_0_karnofsky_min, context.limits.ecog_4_karnofsky_max
    for function in case.all(Function):
        ecog, kps = function.ecog, function.kps
        if ecog is None or kps is None:
            continue
        if ecog == 0 and kps < lowest:
            yield Hit(function, "ecog", {"ecog": ecog, "kps": kps, "expected": f"at least {lowest}"})
        elif ecog == 4 and kps > highest:
            yield Hit(function, "ecog", {"ecog": ecog, "kps": kps, "expected": f"at most {highest}"})


RULE = Rule(
    id="Q47",
    version=1,
    severity="query",
    title="ECOG and Karnofsky agree",
    sentence="ECOG 0 goes with a Karnofsky status of at least 80, and ECOG 4 with at most 40.",
    message="ECOG {ecog} with a Karnofsky status of {kps}; with ECOG {ecog} it is {expected}. "
    "Correct the one that is wrong. The two scales run in opposite directions.",
    why="The scales are easily exchanged or reversed. The limits are a registry decision.",
    fields=("function.ecog", "function.kps"),
    good=(
        {"function": [{"assess_date": "2025-03-01", "ecog": 0, "kps": 90}]},
        {"function": [{"assess_date": "2025-03-01", "ecog": 4, "kps": 40}]},
        {"function": [{"assess_date": "2025-03-01", "ecog": 4}]},
    ),
    bad=(
        {"function": [{"assess_date": "2025-03-01", "ecog": 0, "kps": 70}]},
        {"function": [{"assess_date": "2025-03-01", "ecog": 4, "kps": 50}]},
    ),
    check=check,
)

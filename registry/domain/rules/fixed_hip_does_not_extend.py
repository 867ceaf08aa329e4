"""Q48: a hip that is fixed in flexion does not extend beyond neutral."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.function import Function
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for function in case.all(Function):
        flexion, extension = function.thomas_fixed_flexion_deg, function.hip_extension_deg
        if flexion is not None and extension is not None and flexion > 0 and extension > 0:
            yield Hit(function, "hip_extension_deg", {"flexion": flexion, "extension": extension})


RULE = Rule(
    id="Q48",
    version=1,
    severity="query",
    title="Fixed hip does not extend",
    sentence="A hip with a fixed flexion by the Thomas test cannot be extended beyond neutral.",
    message="Fixed flexion of {flexion} degrees and extension of +{extension} degrees of the same "
    "hip exclude each other. Extension that does not reach neutral is negative: send -{flexion}, or "
    "correct the Thomas test.",
    why="The sign of the extension is easily lost, and functional response is counted from both. "
    "Registry decision.",
    fields=("function.thomas_fixed_flexion_deg", "function.hip_extension_deg"),
    good=(
        {
            "function": [
                {"assess_date": "2025-03-01", "thomas_fixed_flexion_deg": 20, "hip_extension_deg": -20}
            ]
        },
        {"function": [{"assess_date": "2025-03-01", "thomas_fixed_flexion_deg": 0, "hip_extension_deg": 15}]},
        {"function": [{"assess_date": "2025-03-01", "thomas_fixed_flexion_deg": 20}]},
    ),
    bad=(
        {
            "function": [
                {"assess_date": "2025-03-01", "thomas_fixed_flexion_deg": 20, "hip_extension_deg": 10}
            ]
        },
    ),
    check=check,
)

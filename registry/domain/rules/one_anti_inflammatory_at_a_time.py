"""Q52: two anti-inflammatory drugs are not taken at the same time."""

from collections.abc import Iterator
from itertools import combinations

from registry.domain.case import Case
from registry.domain.forms.analgesic import Analgesic
from registry.domain.outcomes.opioid_regimen import opioid_dose
from registry.domain.rules.rule import Context, Hit, Rule

ON_THE_SKIN = "TD"


def check(case: Case, context: Context) -> Iterator[Hit]:
    taken = [
        record
        for record in case.all(Analgesic)
        if record.drug_class == "nsaid" and record.route != ON_THE_SKIN
    ]
    for one, other in combinations(taken, 2):
        first, second = opioid_dose(one).inn, opioid_dose(other).inn
        if first != second and _together(one, other):
            when = f"from {other.start}" if other.start is not None else f"at {other.time_point!r}"
            yield Hit(other, "start", {"first": first, "second": second, "when": when})


def _together(one: Analgesic, other: Analgesic) -> bool:
    """Whether both were certainly taken on more than the day of a change, or at one named time point."""
    if one.start is None or other.start is None:
        return one.start is other.start and one.time_point is not None and one.time_point == other.time_point
    start = max(one.start.hi, other.start.hi)
    ends = [record.end.lo for record in (one, other) if record.end is not None]
    return not ends or (min(ends) - start).days >= 1


RULE = Rule(
    id="Q52",
    version=1,
    severity="query",
    title="One anti-inflammatory at a time",
    sentence="Two non-steroidal anti-inflammatory drugs are not taken at the same time.",
    message="{first} and {second} are both recorded as taken {when}. Send the last day of the one "
    "that was replaced, or confirm that both were taken.",
    why="Two such drugs add harm and no relief; in a record they usually mean that one was left "
    "open. Registry decision.",
    fields=tuple(
        f"analgesic.{name}" for name in ("drug_name", "drug_class", "route", "start", "end", "time_point")
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "loxoprofen",
                    "drug_class": "nsaid",
                    "start": "2025-03-01",
                    "end": "2025-03-11",
                },
                {"drug_name": "naproxen", "drug_class": "nsaid", "start": "2025-03-11"},
            ]
        },
        {
            "analgesic": [
                {"drug_name": "loxoprofen", "drug_class": "nsaid", "time_point": "outpatient"},
                {"drug_name": "naproxen", "drug_class": "nsaid", "time_point": "admission"},
            ]
        },
    ),
    bad=(
        {
            "analgesic": [
                {"drug_name": "loxoprofen", "drug_class": "nsaid", "start": "2025-03-01"},
                {"drug_name": "naproxen", "drug_class": "nsaid", "start": "2025-03-11"},
            ]
        },
        {
            "analgesic": [
                {"drug_name": "loxoprofen", "drug_class": "nsaid", "time_point": "admission"},
                {"drug_name": "naproxen", "drug_class": "nsaid", "time_point": "admission"},
            ]
        },
    ),
    check=check,
)

"""Q51: two long-acting strong opioids are not given together for more than three days."""

from collections.abc import Iterator
from itertools import combinations

from registry.domain.case import Case
from registry.domain.forms.death import Death
from registry.domain.outcomes.opioid_regimen import Taken, opioids
from registry.domain.rules.rule import Context, Hit, Rule

LONG_ACTING = ("ER", "patch_72h", "patch_24h")
WEAK = ("tramadol", "codeine", "dihydrocodeine", "pentazocine")


def check(case: Case, context: Context) -> Iterator[Hit]:
    taken = [
        one
        for one in opioids(case).taken
        if one.dose.form in LONG_ACTING and one.dose.inn not in WEAK and one.start is not None
    ]
    if len(taken) < 2:
        return
    last = _last_day(case, context)
    limit = context.limits.long_acting_overlap_d
    for one, other in combinations(taken, 2):
        if one.dose.inn != other.dose.inn and _days_together(one, other, last) > limit:
            first, second = sorted((one, other), key=lambda each: each.start.day if each.start else 0)
            values = {
                "first": first.dose.inn,
                "ended": first.record.end,
                "second": second.dose.inn,
                "began": second.record.start,
                "limit": limit,
            }
            yield Hit(second.record, "start", values)


def _last_day(case: Case, context: Context) -> int:
    """The day until which an open record is certain to go on: the death, else today."""
    death = case.one(Death)
    dead = death.death_date.lo if death is not None and death.death_date is not None else context.today
    return min(dead, context.today).toordinal()


def _days_together(one: Taken, other: Taken, last: int) -> int:
    """Fewest days on which both were taken."""
    start = max(each.start.hi for each in (one, other) if each.start is not None)
    return min(last if each.end is None else each.end.lo for each in (one, other)) - start + 1


RULE = Rule(
    id="Q51",
    version=1,
    severity="query",
    title="Long-acting opioids do not overlap",
    sentence="Two different long-acting strong opioids are given together for at most three days.",
    message="{second} (long-acting) began on {began} while {first} (long-acting, ended: {ended}) "
    "went on: more than {limit} days together. Send the last day of the first drug, or confirm that "
    "both were meant.",
    why="After a rotation the old drug is easily left open in the record, and the opioid dose is "
    "then counted twice. Registry decision.",
    fields=tuple(f"analgesic.{name}" for name in ("drug_name", "drug_class", "form", "start", "end")),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "form": "ER",
                    "start": "2025-03-01",
                    "end": "2025-03-12",
                },
                {"drug_name": "fentanyl", "drug_class": "opioid", "form": "patch_72h", "start": "2025-03-11"},
            ]
        },
        {
            "analgesic": [
                {"drug_name": "oxycodone", "drug_class": "opioid", "form": "ER", "start": "2025-03-01"},
                {"drug_name": "oxycodone", "drug_class": "opioid", "form": "IR", "start": "2025-03-01"},
            ]
        },
    ),
    bad=(
        {
            "analgesic": [
                {"drug_name": "oxycodone", "drug_class": "opioid", "form": "ER", "start": "2025-03-01"},
                {"drug_name": "fentanyl", "drug_class": "opioid", "form": "patch_72h", "start": "2025-03-11"},
            ]
        },
    ),
    check=check,
)

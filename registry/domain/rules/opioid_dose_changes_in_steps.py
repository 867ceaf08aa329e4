"""Q53: from one day to the next the opioid dose changes threefold at most."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.opioid_steps import arithmetic, opioid_steps
from registry.domain.outcomes.outcome import Basis
from registry.domain.rules.rule import Context, Hit, Rule

DATES_KNOWN_IN_PART = "opioid_dates_imputed"


def check(case: Case, context: Context) -> Iterator[Hit]:
    basis = Basis(context.today)
    factor = context.limits.omedd_change_factor
    for step in opioid_steps(case, basis):
        if step.before is None or DATES_KNOWN_IN_PART in {*step.before.flags, *step.after.flags}:
            continue
        before, after = step.before.mg(basis.opioid_table), step.after.mg(basis.opioid_table)
        if not before or not after:  # unknown, or the first or last dose, which other rules look at
            continue
        if max(before, after) / min(before, after) > factor:
            values = {
                "when": step.when,
                "before": f"{before:g} mg/d ({arithmetic(step.before, basis.opioid_table)})",
                "after": f"{after:g} mg/d ({arithmetic(step.after, basis.opioid_table)})",
                "ratio": round(after / before, 2),
                "limit": f"{factor:g}",
            }
            yield Hit(step.cause, "dose_value", values)


RULE = Rule(
    id="Q53",
    version=1,
    severity="query",
    title="Opioid dose changes in steps",
    sentence="From one day to the next the opioid dose does not change more than threefold.",
    message="On {when} the opioids went from {before} to {after} of oral morphine: a factor of "
    "{ratio}, where more than {limit} up or down is asked about. Confirm the doses, their units and "
    "the day of the change.",
    why="Such a jump is more often a wrong unit or a missing record than a decision at the bedside. "
    "Registry decision.",
    fields=tuple(
        f"analgesic.{name}"
        for name in ("drug_name", "route", "dose_value", "dose_unit", "frequency", "per_day", "start", "end")
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "form": "ER",
                    "dose_value": 20,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                    "end": "2025-03-09",
                },
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "form": "ER",
                    "dose_value": 60,
                    "dose_unit": "mg/d",
                    "start": "2025-03-10",
                },
            ]
        },
    ),
    bad=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "form": "ER",
                    "dose_value": 20,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                    "end": "2025-03-09",
                },
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "form": "ER",
                    "dose_value": 200,
                    "dose_unit": "mg/d",
                    "start": "2025-03-10",
                },
            ]
        },
    ),
    check=check,
)

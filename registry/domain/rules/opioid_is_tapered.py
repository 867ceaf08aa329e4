"""Q54: an opioid dose of 60 mg or more is tapered and not stopped in a day (ABRUPT_OPIOID_STOP)."""

from collections.abc import Iterator
from datetime import date

from registry.domain.case import Case
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.death import Death
from registry.domain.outcomes.opioid_regimen import Regimen
from registry.domain.outcomes.opioid_steps import arithmetic, opioid_steps
from registry.domain.outcomes.opioid_undated import after_start, before_treatment, undated_opioids
from registry.domain.outcomes.outcome import Basis
from registry.domain.rules.rule import Context, Hit, Rule

DATES_KNOWN_IN_PART = "opioid_dates_imputed"
EXPLAINED = ("death", "rotation")


def check(case: Case, context: Context) -> Iterator[Hit]:
    basis = Basis(context.today)
    steps = opioid_steps(case, basis)
    if not steps:
        return
    death = case.one(Death)
    died = death.death_date.lo if death is not None and death.death_date is not None else None
    for step in steps:
        if step.before is None or _taken(step.after) or not _taken(step.before):
            continue
        if DATES_KNOWN_IN_PART in {*step.before.flags, *step.after.flags}:
            continue
        stopped = date.fromisoformat(step.when)
        if died is not None and (died - stopped).days <= 1:
            continue
        if (context.today - stopped).days < context.limits.abrupt_stop_wait_d:
            continue  # the next dose may only not have been sent yet
        yield from _hit(step.before, step.cause, f"before {step.when}", basis, context)
    yield from _undated(case, basis, context)


def _undated(case: Case, basis: Basis, context: Context) -> Iterator[Hit]:
    """A source without dates that says by when every opioid had been stopped."""
    stopped = [(record.end_at.days, record.key, record) for record in undated_opioids(case) if record.end_at]
    if not stopped:
        return
    days, _, record = max(stopped)
    if after_start(case, days).known:
        yield from _hit(before_treatment(case), record, f"by {record.end_at}", basis, context)


def _hit(before: Regimen, cause: Analgesic, when: str, basis: Basis, context: Context) -> Iterator[Hit]:
    known = before.by(basis.opioid_table).known_mg
    if known < context.limits.abrupt_stop_mg_d or cause.stop_reason in EXPLAINED:
        return
    values = {
        "code": "ABRUPT_OPIOID_STOP",
        "when": when,
        "mg": round(known, 1),
        "sum": arithmetic(before, basis.opioid_table),
        "limit": f"{context.limits.abrupt_stop_mg_d:g}",
    }
    yield Hit(cause, "end" if cause.end is not None else "end_at", values)


def _taken(regimen: Regimen) -> bool:
    return any(not dose.nothing_taken for dose in regimen.doses)


RULE = Rule(
    id="Q54",
    version=1,
    severity="query",
    title="Opioid is tapered",
    sentence="Opioids of 60 mg of oral morphine a day or more are tapered and not stopped from one "
    "day to the next.",
    message="All opioids were stopped {when}, from at least {mg} mg of oral morphine a day ({sum}); "
    "from {limit} mg a taper is expected. Send the doses of the taper, or confirm that there was "
    "none.",
    why="In case 2 of Takamatsu et al. 2018 all analgesics stop two weeks after the start of "
    "radiotherapy, from oxycodone 40 mg (60 mg of oral morphine) with a steroid and without a taper: "
    "a reduction of 100 %.",
    fields=tuple(
        f"analgesic.{name}"
        for name in ("drug_name", "route", "dose_value", "dose_unit", "start", "end", "end_at", "stop_reason")
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 20,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                    "end": "2025-03-20",
                }
            ]
        },
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 80,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                    "end": "2025-03-20",
                    "stop_reason": "death",
                }
            ]
        },
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 80,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                }
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
                    "dose_value": 40,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                    "end": "2025-03-20",
                    "stop_reason": "no_longer_needed",
                }
            ]
        },
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 40,
                    "dose_unit": "mg/d",
                    "time_point": "escalation",
                    "end_at": {"value": 2, "unit": "wk", "origin": "treatment_start"},
                }
            ]
        },
    ),
    check=check,
)

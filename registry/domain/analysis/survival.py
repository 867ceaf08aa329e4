"""The three survival times, ready to be counted."""

from typing import Any

from registry.domain.analysis.person import Values
from registry.domain.case import Case
from registry.domain.forms.death import Death

FIELDS = {"os_onset": "OSONS", "os_diagnosis": "OSDX", "os_treatment": "OSTRT"}
"""Field of the row -> outcome."""


def survival(case: Case, values: Values) -> dict[str, Any]:
    """Entry, exit and event from each origin."""
    dead = case.one(Death)
    cause = (dead.cause or "unknown") if dead else "unknown"
    return {name: _time(values.get((outcome, "")), cause) for name, outcome in FIELDS.items()}


def _time(row: dict[str, Any] | None, cause_of_death: str) -> dict[str, Any]:
    value = (row["value"] if row else None) or {}
    days, entry = value.get("days"), value.get("entry_days")
    event = value.get("event")
    return {
        "entry": entry or None,  # day 0 is the origin: observed from there
        "exit": None if days is None else int(days),  # half a day on the day of origin is day 0 of the tally
        "event": event,
        "exit_lo": value.get("days_lo"),
        "exit_hi": value.get("days_hi"),
        "cause": cause_of_death if event == 1 else value.get("censored_by"),
        "flags": row["flags"] if row else [],
        "reason": row["reason"] if row else "not_applicable",
    }

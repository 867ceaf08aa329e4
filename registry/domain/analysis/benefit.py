"""What the treatment was worth to the patient: days in response, without pain, at home, on treatment."""

from typing import Any

from registry.domain.analysis.person import Values
from registry.domain.analysis.therapy import main_treatment
from registry.domain.case import Case
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.share_of_life_on_radiotherapy import DEATH_WITHIN_30_DAYS


def benefit(case: Case, values: Values, basis: Basis) -> dict[str, Any]:
    """Shares between 0 and 1, days of 90, and the markers of treatment near death."""
    course = main_treatment(case, basis, "radiotherapy")
    on_treatment = values.get(("RTSHARE", course.id)) if course else None
    control, home = _value(values, "PAINCTRL"), _value(values, "DAOH90")
    lived = (on_treatment["value"] or {}) if on_treatment else {}
    near_death = None
    if on_treatment is not None and on_treatment["reason"] is None:
        near_death = DEATH_WITHIN_30_DAYS in on_treatment["flags"]
    return {
        "net_pain_relief": _value(values, "NPR").get("share"),
        "pain_control_lo": control.get("share_lo"),
        "pain_control_hi": control.get("share_hi"),
        "daoh90": home.get("days"),
        "daoh90_lo": home.get("days_lo"),
        "daoh90_hi": home.get("days_hi"),
        "rt_share_of_life": lived.get("share"),
        "death_within_30_days": near_death,
    }


def _value(values: Values, outcome: str) -> dict[str, Any]:
    row = values.get((outcome, ""))
    return (row["value"] if row else None) or {}

"""The response to the index treatment of each kind, with what tables of it are stratified by."""

from typing import Any

from registry.domain.analysis.person import Values
from registry.domain.analysis.row import WINDOWS
from registry.domain.analysis.therapy import main_treatment
from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.outcomes.confounders import CONFOUNDED
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.response_course import courses_by_treatment
from registry.domain.outcomes.treatment import Treatment

_FIGURES = {
    "day": "day",
    "pragmatic": "pragmatic",
    "pain_only": "pain_only",
    "nrs0": "p0",
    "nrs": "pt",
    "omedd0": "d0_mg",
    "omedd": "dt_mg",
    "integrated": "integrated",
    "by_table": "by_table",
}
"""Field of the window row -> figure of the derived response."""


def responses(case: Case, values: Values, basis: Basis) -> dict[str, Any]:
    """The responses to radiotherapy and to systemic therapy; None where it was not given."""
    found: dict[str, Any] = {}
    for name, kind in (("response_radiotherapy", "radiotherapy"), ("response_systemic", "systemic")):
        treatment = main_treatment(case, basis, "radiotherapy" if kind == "radiotherapy" else "systemic")
        found[name] = _response(case, values, basis, treatment) if treatment and treatment.sides else None
    return found


def _response(case: Case, values: Values, basis: Basis, treatment: Treatment) -> dict[str, Any]:
    subject = f"{treatment.episode_no}|{treatment.id}"
    time = _value(values, "TTRESP", subject)
    duration = _value(values, "DURRESP", subject)
    told = _value(values, "RESPNARR", subject)
    function = values.get(("RESPFUNC", subject))
    event = time.get("event")
    return {
        "treatment": treatment.id,
        "kind": treatment.kind,
        **{label: _window(values.get(("RESP", f"{subject}|{label}"))) for label in WINDOWS},
        "responder_day": time["days"] if event == 1 else None,
        "responder_after": time["days_after"] if event == 1 else None,
        "competing_day": time["days"] if event == 2 else None,
        "competing_cause": time["cause"] if event == 2 else None,
        "followed_to": time.get("days"),
        "duration_days": duration.get("days"),
        "duration_event": duration.get("event"),
        "narrative": told.get("narrative"),
        "assisted": told.get("assisted"),
        "pain_relapse": told.get("pain_relapse"),
        "functional": _value(values, "RESPFUNC", subject).get("response"),
        "functional_reason": function["reason"] if function else None,
        "composite": _value(values, "RESPMPS", subject).get("response"),
        "prior_opioid": _prior_opioid(case, basis, treatment),
        "reirradiation": _reirradiation(case, treatment),
    }


def _window(row: dict[str, Any] | None) -> dict[str, Any]:
    value = (row["value"] if row else None) or {}
    return {
        "category": value.get("category"),
        "reason": row["reason"] if row else "no_treatment_date",
        "flags": row["flags"] if row else [],
        "confounded": row is not None and CONFOUNDED in row["flags"],
        **{name: value.get(figure) for name, figure in _FIGURES.items()},
    }


def _value(values: Values, outcome: str, subject: str) -> dict[str, Any]:
    row = values.get((outcome, subject))
    return (row["value"] if row else None) or {}


def _prior_opioid(case: Case, basis: Basis, treatment: Treatment) -> bool | None:
    """Whether an opioid was taken at baseline; None where the opioids of that day are not recorded."""
    for given, courses in courses_by_treatment(case, basis):
        regimen = courses[0].base_regimen if given is treatment else None
        if regimen is not None and regimen.known:
            return any(not dose.nothing_taken for dose in regimen.doses)
    return None


def _reirradiation(case: Case, treatment: Treatment) -> bool | None:
    """Whether the target had been irradiated before; fields that only touched are none."""
    course = treatment.record
    if not isinstance(course, Radiotherapy):
        return None
    if course.prior_rt_overlap is None:
        return False if len(case.all(Radiotherapy)) == 1 else None
    return None if course.prior_rt_overlap == "unknown" else course.prior_rt_overlap in ("partial", "full")

"""Completeness of the core set: which of the variables the study rests on are recorded.

None where a variable does not apply: no treatment, or no assessment to be expected because the patient had
died, was irradiated again or had withdrawn, or the window is not over.
"""

from typing import Any

from registry.domain.analysis.therapy import main_treatment
from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.response_course import courses_by_treatment
from registry.domain.outcomes.treatment import index_treatment
from registry.domain.outcomes.vital_status import life

CORE_SET = (
    "onset",
    "diagnosis",
    "side",
    "nrs_baseline",
    "nrs_m2",
    "omedd_baseline",
    "omedd_m2",
    "rt_dose",
    "rt_fractions",
    "rt_start",
    "rt_end",
    "vital_status",
)
_NOT_EXPECTED = frozenset(
    {"died_before_window", "reirradiated_before_window", "withdrew", "pending", "no_treatment_date"}
)


def completeness(case: Case, answered: dict[str, Any], basis: Basis) -> dict[str, bool | None]:
    """Whether each variable of the core set is recorded."""
    known = life(case, basis)
    episode, treatment = known.episode, index_treatment(case, basis)
    given = main_treatment(case, basis, "radiotherapy")
    course = given.record if given is not None and isinstance(given.record, Radiotherapy) else None
    nrs0, omedd0 = _at_baseline(case, basis)
    row = answered["response_radiotherapy"] or answered["response_systemic"]
    m2 = row["M2"] if row and row["M2"]["reason"] not in _NOT_EXPECTED else None
    return {
        "onset": episode is not None and episode.mps_onset is not None,
        "diagnosis": episode is not None and episode.mps_dx_date is not None,
        "side": episode is not None and episode.side is not None,
        "nrs_baseline": nrs0 if treatment else None,
        "nrs_m2": m2["nrs"] is not None if m2 else None,
        "omedd_baseline": omedd0 if treatment else None,
        "omedd_m2": m2["omedd"] is not None if m2 else None,
        "rt_dose": course.delivered_dose_gy is not None if course else None,
        "rt_fractions": course.delivered_fractions is not None if course else None,
        "rt_start": course.start is not None if course else None,
        "rt_end": course.end is not None if course else None,
        "vital_status": known.end is not None,
    }


def _at_baseline(case: Case, basis: Basis) -> tuple[bool, bool]:
    """Whether pain and opioid dose of every treated side are known at the baseline of the index treatment."""
    treatment = index_treatment(case, basis)
    mine = [courses for given, courses in courses_by_treatment(case, basis) if given is treatment]
    courses = mine[0] if mine else ()
    table = basis.opioid_table
    scored = bool(courses) and all(course.p0 is not None for course in courses)
    dosed = bool(courses) and all(
        course.base_regimen is not None and course.base_regimen.mg(table) is not None for course in courses
    )
    return scored, dosed

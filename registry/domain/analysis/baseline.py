"""What the patient was like at baseline: before the index treatment, or around enrolment without one."""

from collections.abc import Iterable
from typing import Any, TypeVar

from registry.domain.case import Case
from registry.domain.forms.function import Function
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.patient import Patient
from registry.domain.forms.symptoms import Symptoms
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.opioid_regimen import opioids
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.treatment import index_treatment
from registry.domain.outcomes.vital_status import life
from registry.domain.outcomes.windows import BASELINE_DAYS

NEUROPATHIC_DN4 = 4
"""DN4 of 4 or more suggests neuropathic pain (Bouhassira et al. 2005)."""

V = TypeVar("V")
R = TypeVar("R", PainAssessment, Function)


def baseline(case: Case, basis: Basis) -> dict[str, Any]:
    """Figures nearest to the baseline day; None where nothing was recorded near it."""
    day, after = baseline_day(case, basis)
    pain = [
        assessment
        for assessment in _nearest_first(case.all(PainAssessment), day, after)
        if assessment.index_or_nonindex == "index" and assessment.recall == "24h"
    ]
    functions = _nearest_first(case.all(Function), day, after)
    dn4 = _first(assessment.dn4 for assessment in pain)
    closest = [a for a in pain if a.assess_date == pain[0].assess_date]
    scored = [a.nrs_worst for a in closest if a.nrs_worst is not None]
    flexed = [f.thomas_fixed_flexion_deg for f in functions if f.thomas_fixed_flexion_deg is not None]
    return {
        "ecog": _first(function.ecog for function in functions),
        "nrs": max(scored, default=_first(a.nrs_worst for a in pain)),
        "omedd": None if day is None else opioids(case).on(_day_of(closest, day)).mg(basis.opioid_table),
        "neuropathic": None if dn4 is None else dn4 >= NEUROPATHIC_DN4,
        "gait": _first([*(f.gait for f in functions), *(s.gait for s in case.all(Symptoms))]),
        "fixed_flexion_deg": max(flexed, default=None),
    }


def baseline_day(case: Case, basis: Basis) -> tuple[int | None, int]:
    """The day (ordinal) that is baseline, and how many days after it still count."""
    treatment = index_treatment(case, basis)
    if treatment is not None:
        return (treatment.start.day if treatment.start else None), 0
    patient, known = case.one(Patient), life(case, basis)
    if patient is not None and patient.enrolment_date is not None:
        return patient.enrolment_date.lo.toordinal(), BASELINE_DAYS
    return (known.diagnosis.day if known.diagnosis else None), BASELINE_DAYS


def _nearest_first(records: Iterable[R], day: int | None, after: int) -> list[R]:
    """Dated records that count as baseline, the nearest to the day first."""
    found = []
    for record in records:
        if day is not None and record.assess_date is not None:
            other = Moment.of(record.assess_date).day
            if day - BASELINE_DAYS <= other <= day + after:
                found.append((abs(other - day), record))
    return [record for _, record in sorted(found, key=lambda one: (one[0], one[1].key))]


def _day_of(closest: list[PainAssessment], day: int) -> int:
    written = closest[0].assess_date if closest else None
    return day if written is None else Moment.of(written).day


def _first(found: Iterable[V | None]) -> V | None:
    return next((one for one in found if one is not None), None)

"""Cases to derive from: treated on 5 March 2025, with everything filled in but what a test is about."""

from datetime import date
from typing import Any

from registry.domain.case import Case
from registry.domain.outcomes import OUTCOMES_BY_ID
from registry.domain.outcomes.outcome import Basis, Derived
from registry.domain.reading import read_submission
from tests.factories import a_record

BASIS = Basis(date(2026, 1, 1))
"""A cut-off after everything."""


def a_case(**forms: Any) -> Case:
    """The case of these forms, as a hospital would send them."""
    document = {"case": "KND-0001", "recorded_at": "2026-01-05T09:00:00+09:00", "forms": forms}
    submission, problems = read_submission(document)
    assert submission is not None, problems
    return Case.of(submission.versions)


def values(case: Case, outcome: str, basis: Basis = BASIS) -> dict[str, Derived]:
    """The values of one outcome by subject."""
    return {derived.subject: derived for derived in OUTCOMES_BY_ID[outcome].derive(case, basis)}


def a_patient(**more: Any) -> dict[str, Any]:
    return a_record(
        "patient", **{"source_type": "prospective", "enrolment_date": "2025-03-02", "birth": "1960", **more}
    )


def an_episode(**more: Any) -> list[dict[str, Any]]:
    told = {"side": "left", "mps_onset": "2025-01-10", "mps_dx_date": "2025-02-20"}
    return [a_record("mps_episode", **{**told, **more})]


def a_death(day: str | None, **more: Any) -> dict[str, Any]:
    return a_record("death", death_date=day, cause="cancer_progression", **more)


def pain(day: str, nrs: int | None, **more: Any) -> dict[str, Any]:
    """An assessment of the index pain on the left."""
    told = {"assess_date": day, "nrs_worst": nrs, "index_or_nonindex": "index", "site_side": "left"}
    return a_record("pain_assessment", **{**told, **more})


def opioid(
    mg_per_day: float, start: str | None = "2025-02-01", end: str | None = None, **more: Any
) -> dict[str, Any]:
    """Oral oxycodone: 1.5 mg of morphine a milligram by every table."""
    told = {"drug_name": "oxycodone", "drug_class": "opioid", "route": "PO"}
    dose = {"dose_value": mg_per_day, "dose_unit": "mg/d", "start": start, "end": end}
    return {"form": "ER"} | a_record("analgesic", **{**told, **dose, **more})


def radiotherapy(
    start: str | None = "2025-03-05", end: str | None = "2025-03-18", **more: Any
) -> dict[str, Any]:
    """30 Gy in 10 fractions to the left side; day 0 is 5 March 2025, the end is 18 March."""
    told = {
        "rt_id": "RT-1",
        "index_treatment": True,
        "indication": "mps_index_pain",
        "target_volume": {"side": "left"},
        "delivered_dose_gy": 30,
        "delivered_fractions": 10,
        "completed": "yes",
    }
    return a_record("radiotherapy", **{**told, "start": start, "end": end, **more})


def systemic(c1d1: str | None = "2025-03-05", **more: Any) -> dict[str, Any]:
    told = {"therapy_id": "CT-1", "index_treatment": True, "indication": "mps_index_pain"}
    return a_record("systemic_therapy", **{**told, "c1d1": c1d1, **more})


def seen(day: str, **more: Any) -> dict[str, Any]:
    """A follow-up that finds the patient alive."""
    return a_record("follow_up", **{"visit_date": day, "vital_status": "alive", **more})


def treated(assessments: list[dict[str, Any]], analgesics: list[dict[str, Any]], **more: Any) -> Case:
    """A patient irradiated on the left side and seen long afterwards."""
    told: dict[str, Any] = {
        "patient": a_patient(),
        "mps_episode": an_episode(),
        "radiotherapy": [radiotherapy()],
        "pain_assessment": assessments,
        "analgesic": analgesics,
        "follow_up": [seen("2025-12-01")],
    }
    return a_case(**{**told, **more})

"""Every date of a case is found, and knows what kind of event it stands for."""

from datetime import UTC, datetime

from registry.domain.case import Case, Version
from registry.domain.dictionary import variables
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.timeline import DATE_FIELDS, KINDS, dated_events, is_date
from registry.domain.walk import values

NOW = datetime(2026, 1, 15, tzinfo=UTC)


def case(*records: Form) -> Case:
    return Case.of(Version.of(record, NOW) for record in records)


def kinds(*records: Form) -> dict[str, str]:
    return {event.name: event.kind for event in dated_events(case(*records))}


def test_exceptions_name_dates_of_the_dictionary() -> None:
    assert set(KINDS) <= set(DATE_FIELDS)
    assert set(DATE_FIELDS) == {f"{v.form}.{v.path}" for v in variables() if "date" in v.kind}


def test_dates_are_found_in_groups_and_lists() -> None:
    episode = MpsEpisode.model_validate(
        {
            "mps_onset": "2025-03",
            "imaging": [{"modality": "CT"}, {"date": "2025-03-02"}, {"date": "2025-04"}],
            "pathology": {"date": "2025-03-05"},
        }
    )
    events = dated_events(case(episode))
    assert {event.path: event.date.text for event in events} == {
        "mps_onset": "2025-03",
        "imaging/1/date": "2025-03-02",
        "imaging/2/date": "2025-04",
        "pathology/date": "2025-03-05",
    }
    assert events[1].record is episode
    assert events[1].name == "mps_episode.imaging.1.date"


def test_events_are_clinical_unless_said_otherwise() -> None:
    found = kinds(
        Patient.model_validate({"birth": "1960", "enrolment_date": "2025-03-10"}),
        Death.model_validate({"death_date": "2025-09"}),
        MpsEpisode.model_validate({"mps_dx_date": "2025-03", "pathology": {"date": "2025-09-03"}}),
    )
    assert found == {
        "patient.birth": "birth",
        "patient.enrolment_date": "administrative",
        "death.death_date": "death",
        "mps_episode.mps_dx_date": "clinical",
        "mps_episode.pathology.date": "posthumous",
    }


def test_a_visit_may_report_the_death() -> None:
    for mode, status, kind in (
        ("phone", "dead", "posthumous"),
        ("phone", "alive", "clinical"),
        ("record_review", "unknown", "posthumous"),
        ("record_review", "alive", "clinical"),
    ):
        visit = FollowUp.model_validate({"visit_date": "2025-09-09", "mode": mode, "vital_status": status})
        assert kinds(visit) == {"follow_up.visit_date": kind}, (mode, status)


def test_treatment_that_was_not_given_is_a_plan() -> None:
    for status, kind in (("given", "clinical"), ("planned", "planned"), ("offered_declined", "planned")):
        therapy = {"therapy_id": "TC", "status": status, "c1d1": "2025-03-10"}
        assert kinds(SystemicTherapy.model_validate(therapy)) == {"systemic_therapy.c1d1": kind}
    for completed, kind in (("truncated", "clinical"), ("not_started", "planned")):
        course = {"rt_id": "RT-1", "completed": completed, "start": "2025-03-10"}
        assert kinds(Radiotherapy.model_validate(course)) == {"radiotherapy.start": kind}


def test_a_withdrawn_record_has_no_events() -> None:
    assert kinds(FollowUp.model_validate({"visit_date": "2025-09-09", "retracted": "other patient"})) == {}


def test_the_walk_gives_the_variable_with_each_value() -> None:
    course = Radiotherapy.model_validate({"rt_id": "RT-1", "start": "2025-03-10", "end": "2025-03"})
    assert [(variable.path, place) for variable, place, _ in values(course, is_date)] == [
        ("start", "start"),
        ("end", "end"),
    ]

"""Where the rejecting rules draw their lines, beyond their own examples."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from registry.domain.case import EMPTY, Case
from registry.domain.check import Verdict, judge
from registry.domain.reading import read_submission
from registry.domain.rules.date_not_in_future import CLOCK_SKEW, recorded_in_future
from registry.domain.rules.examples import document
from registry.domain.rules.no_person_in_free_text import identifier_in, person_in_envelope
from registry.domain.rules.rule import Context
from registry.domain.submission import Submission

TODAY = date(2026, 1, 15)


def send(forms: dict[str, Any], case: Case = EMPTY, on: date = TODAY) -> Verdict:
    submission, problems = read_submission(document(forms, on))
    assert submission is not None, problems
    return judge(case, submission, Context(TODAY), now=submission.recorded_at)


def rejects(forms: dict[str, Any], case: Case = EMPTY, on: date = TODAY) -> set[str]:
    return {one.rule for one in send(forms, case, on).findings if one.severity == "reject"}


# --- what must be accepted ---


def test_cancer_diagnosed_after_the_onset_of_the_syndrome_is_accepted() -> None:
    forms = {"primary_cancer": [{"dx_date": "2025-04"}], "mps_episode": [{"mps_onset": "2025-02"}]}
    assert rejects(forms) == set()


def test_response_before_the_end_of_radiotherapy_is_accepted() -> None:
    forms = {
        "mps_episode": [{"side": "right"}],
        "radiotherapy": [{"rt_id": "RT-1", "start": "2025-03-10", "end": "2025-03-31", "completed": "yes"}],
        "pain_assessment": [
            {"assess_date": "2025-03-24", "index_or_nonindex": "index", "site_side": "right", "nrs_worst": 1}
        ],
    }
    assert rejects(forms) == set()


def test_truncated_radiotherapy_is_accepted() -> None:
    course = {"rt_id": "RT-1", "planned_dose_gy": 30, "planned_fractions": 10, "dose_per_fraction_gy": 3}
    stopped = {"delivered_dose_gy": 12, "delivered_fractions": 4, "completed": "truncated"}
    assert rejects({"radiotherapy": [course | stopped]}) == set()


def test_a_child_is_accepted() -> None:
    forms = {"patient": {"birth": "2014"}, "mps_episode": [{"mps_onset": "2022-05"}]}
    assert rejects(forms) == set()


def test_the_sum_over_targets_is_not_a_dose() -> None:
    declared = {"dose_gy": 66, "fractions": 33}
    pelvis = {"rt_id": "A", "delivered_dose_gy": 46, "delivered_fractions": 23, "dose_per_fraction_gy": 2}
    assert rejects({"radiotherapy": [pelvis | {"declared_total": declared}]}) == set()


def test_a_follow_up_may_arrive_before_its_baseline() -> None:
    assert rejects({"follow_up": [{"visit_date": "2025-05-01", "vital_status": "alive"}]}) == set()


# --- old and new records together ---


def test_a_death_is_refused_when_later_events_are_known() -> None:
    known = send({"function": [{"assess_date": "2025-10-02", "ecog": 3}]}, on=date(2026, 1, 10)).case
    assert rejects({"death": {"death_date": "2025-09"}}, known) == {"E02"}


def test_what_was_wrong_before_is_not_held_against_a_new_message() -> None:
    forms = {"patient": {"birth": "2025-04"}, "mps_episode": [{"mps_onset": "2025-03"}]}
    submission, _ = read_submission(document(forms, date(2026, 1, 10)))
    assert submission is not None
    known = Case.of(submission.versions)
    assert rejects({"follow_up": [{"visit_date": "2025-05-01"}]}, known) == set()


def test_the_index_course_recorded_last_is_the_one_spoken_of() -> None:
    def course(rt_id: str) -> dict[str, Any]:
        return {"rt_id": rt_id, "index_treatment": True, "target_volume": {"side": "left"}}

    known = send({"radiotherapy": [course("RT-B")]}, on=date(2026, 1, 10)).case
    (found,) = send({"radiotherapy": [course("RT-A")]}, known).findings
    assert (found.rule, found.pointer, found.key) == ("E16", "/forms/radiotherapy/0/index_treatment", "RT-A")


def test_a_course_that_never_began_leaves_room_for_another_index() -> None:
    side = {"index_treatment": True, "target_volume": {"side": "left"}}
    courses = [{"rt_id": "A", "completed": "not_started"} | side, {"rt_id": "B"} | side]
    assert rejects({"radiotherapy": courses}) == set()


# --- consent ---

WITHDRAWN = {
    "version": "2",
    "date": "2025-03-10",
    "withdrawal": {"level": "no_further_collection", "effective_from": "2025-06-01"},
}


def test_a_withdrawal_is_taken_although_later_events_were_collected_in_good_faith() -> None:
    known = send({"function": [{"assess_date": "2025-07-01", "ecog": 3}]}, on=date(2026, 1, 10)).case
    after = send({"consent": [WITHDRAWN]}, known)
    assert after.accepted
    assert rejects({"function": [{"assess_date": "2025-08-01", "ecog": 3}]}, after.case, TODAY) == {"E18"}
    assert rejects({"function": [{"assess_date": "2025-05-01", "ecog": 3}]}, after.case, TODAY) == set()
    assert rejects({"function": [{"assess_date": "2025-06", "ecog": 3}]}, after.case, TODAY) == set()


def test_a_withdrawal_without_an_effective_day_holds_from_its_own() -> None:
    said = {"version": "2", "date": "2025-03-10", "withdrawal": {"level": "erase", "date": "2025-05-20"}}
    assert rejects({"consent": [said], "death": {"death_date": "2025-06-02"}}) == {"E18"}


def test_consent_given_anew_permits_collection_from_its_day_on() -> None:
    anew = {"version": "3", "date": "2025-08-01", "consent_type": "written"}
    consents = [WITHDRAWN, anew]
    assert rejects({"consent": consents, "function": [{"assess_date": "2025-08-02", "ecog": 3}]}) == set()
    assert rejects({"consent": consents, "function": [{"assess_date": "2025-07-02", "ecog": 3}]}) == {"E18"}


STOPPED = {
    "version": "2",
    "date": "2025-03-10",
    "withdrawal": {"level": "stop_use_of_existing", "effective_from": "2025-06-01"},
}
BEFORE_IT = {"function": [{"assess_date": "2025-05-01", "ecog": 3}]}


def test_a_message_that_brings_the_withdrawal_of_use_is_taken_whole() -> None:
    assert send({"consent": [STOPPED], **BEFORE_IT}).accepted


@pytest.mark.parametrize(
    "recorded", [date(2025, 5, 2), TODAY], ids=["recorded before it", "recorded after it"]
)
def test_nothing_more_is_taken_of_a_case_whose_use_is_withdrawn(recorded: date) -> None:
    known = send({"consent": [STOPPED]}, on=date(2025, 6, 1)).case
    (found,) = send(BEFORE_IT, known, recorded).findings
    assert (found.rule, found.pointer, found.form) == ("E18", "/forms/function/0", "function")


def test_consent_is_still_heard_of_such_a_case() -> None:
    known = send({"consent": [STOPPED]}, on=date(2025, 6, 1)).case
    mistaken = {"version": "2", "date": "2025-03-10", "retracted": "another patient"}
    after = send({"consent": [mistaken]}, known)
    assert after.accepted
    assert send(BEFORE_IT, after.case).accepted


def test_nothing_is_asked_about_a_case_whose_use_is_withdrawn() -> None:
    asking = {
        "primary_cancer": [{"dx_date": "2025-04"}],
        "mps_episode": [{"mps_onset": "2025-02", "side": "left"}],
    }
    assert send(asking).findings
    assert send({**asking, "consent": [STOPPED]}).findings == ()


# --- time ---


def test_a_time_of_recording_in_the_future_is_refused() -> None:
    now = datetime(2026, 1, 15, 12, tzinfo=UTC)

    def sent(at: datetime) -> list[str]:
        return [one.pointer for one in recorded_in_future(Submission("A", at, (), None, "1.0"), now)]

    assert sent(now + CLOCK_SKEW) == []
    assert sent(now + CLOCK_SKEW + timedelta(seconds=1)) == ["/recorded_at"]


# --- persons in free text ---


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("send to a.b+c@clinic.example", "an e-mail address"),
        ("Tel. 03-1234-5678", "a telephone number"),
        ("phone +81 6 6123 4567", "a telephone number"),
        ("call +49 221 4780-100", "a telephone number"),
        ("office (312) 555-0199", "a telephone number"),
        ("MRN: A-123456", "a record number"),
        ("Patient ID 00451234", "a record number"),
        ("hospital no. 77812", "a record number"),
        ("カルテ番号：123456", "a record number"),
        ("123-45-6789", "a record number"),
        ("DOB 03/05/1957", "a date of birth"),
        ("born May 3, 1957 in Nara", "a date of birth"),
        ("date of birth: 1957-05-03", "a date of birth"),
        ("Mr. Smith was seen", "the name of a person"),
        ("Frau Müller", "the name of a person"),
        ("Patient name: T. Y.", "the name of a person"),
        ("氏名：山田", "the name of a person"),
    ],
)
def test_what_points_to_a_person_is_found(text: str, kind: str) -> None:
    assert identifier_in(text) == kind
    assert identifier_in(f"Pain gone after 20 Gy. {text}, walks again.") == kind


@pytest.mark.parametrize(
    "text",
    [
        "MS Contin 30 mg, then MST 60 mg; MR of the spine; MRI T2 axial",
        "20 Gy in 5 fractions, 2025-03-10 to 2025-03-14, NRS 8-9 to 0-1",
        "reached by phone on 2025-03-10, and again 11/03/2025",
        "born preterm, 8 years old; born in 1957",
        "ID 2025 case conference; PID 5; case 3 of 12",
        "oxycodone 10-20-10 mg; fentanyl 12.5 ug/h; 1200-1500 mL; 06:30-09:15",
        "C61.9, 8070/3, SCT 68455001, LOINC 72514-3, N02AA05",
        "miss one dose; mister; frau; name of the regimen TC",
        "Takamatsu S et al. Mol Clin Oncol 2018;9(1):82-86",
        "",
    ],
)
def test_clinical_text_is_left_alone(text: str) -> None:
    assert identifier_in(text) is None


def test_the_envelope_is_searched_as_well() -> None:
    def pointers(case: str, reason: str | None) -> list[str]:
        submission = Submission(case, datetime(2026, 1, 15, tzinfo=UTC), (), reason, "1.0")
        found = person_in_envelope(submission)
        assert all("Smith" not in one.message and "4512" not in one.message for one in found)
        return [one.pointer for one in found]

    assert pointers("KND-0001", "typing error") == []
    assert pointers("KND-0001", None) == []
    assert pointers("MRN-451234", "Mrs Smith called") == ["/case", "/reason"]


def test_a_late_version_is_searched_as_well() -> None:
    known = send({"function": [{"assess_date": "2025-03-10", "ecog": 2}]}).case
    late = {"function": [{"assess_date": "2025-03-10", "ecog": 2, "note": "ask a@b.example"}]}
    assert rejects(late, known, on=date(2026, 1, 10)) == {"E21"}

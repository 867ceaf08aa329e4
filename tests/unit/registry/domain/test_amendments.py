"""E12: corrections need a reason, additions, late arrivals and withdrawals do not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from registry.domain.case import EMPTY, Case
from registry.domain.check import Verdict, judge
from registry.domain.forms.form import Form
from registry.domain.forms.function import Function
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.forms.toxicity import Toxicity
from registry.domain.rules.amendment_has_reason import unexplained
from registry.domain.rules.rule import Context
from registry.domain.submission import Submission

MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def send(case: Case, *records: Form, at: datetime = MONDAY, reason: str | None = None) -> Verdict:
    named = tuple((f"/forms/{record.NAME}/{i}", record) for i, record in enumerate(records))
    submission = Submission("KND-0001", at, named, reason, "1.0")
    return judge(case, submission, Context(date(2026, 1, 15)), now=at)


def function(**stated: Any) -> Function:
    return Function.model_validate({"assess_date": "2025-03-10", **stated})


def accepted(*records: Form) -> Case:
    verdict = send(EMPTY, *records)
    assert verdict.accepted
    return verdict.case


def refused(verdict: Verdict) -> dict[str, str]:
    """Pointer and message of every finding of a verdict that is refused for E12 alone."""
    assert not verdict.accepted
    assert {one.rule for one in verdict.findings} == {"E12"}
    return {one.pointer: one.message for one in verdict.findings}


def test_a_changed_value_needs_a_reason() -> None:
    before = accepted(function(ecog=2, kps=60, note="walks to the garden"))
    said = refused(send(before, function(ecog=3, kps=60, note="stays in bed"), at=TUESDAY))
    (text,) = said.values()
    assert list(said) == ["/forms/function/0"]
    assert "`ecog`" in text
    assert "`note`" in text
    assert "`kps`" not in text
    assert "`reason`" in text
    assert "garden" not in text
    assert "bed" not in text


def test_a_removed_value_needs_a_reason() -> None:
    before = accepted(function(ecog=2, kps=60))
    (text,) = refused(send(before, function(ecog=2), at=TUESDAY)).values()
    assert "`kps`" in text


def test_with_a_reason_it_is_taken() -> None:
    before = accepted(function(ecog=2))
    after = send(before, function(ecog=3), at=TUESDAY, reason="wrong patient chart")
    assert after.accepted
    (current,) = after.case.all(Function)
    assert current.ecog == 3


def test_filling_what_was_missing_needs_none() -> None:
    before = accepted(function(ecog=2, missing={"kps": "not_asked"}))
    assert send(before, function(ecog=2, kps=60), at=TUESDAY).accepted
    assert send(before, function(ecog=2, missing={"kps": "refused"}), at=TUESDAY).accepted


def test_groups_may_be_filled_in_and_their_lists_may_grow() -> None:
    def episode(*imaging: dict[str, Any]) -> MpsEpisode:
        return MpsEpisode.model_validate({"imaging": list(imaging)})

    ct = {"modality": "CT", "date": "2025-03-02"}
    before = accepted(episode(ct))
    assert send(before, episode({**ct, "side": "left"}, {"modality": "MRI"}), at=TUESDAY).accepted
    assert not send(before, episode({**ct, "date": "2025-03-03"}), at=TUESDAY).accepted
    assert not send(before, episode({"modality": "MRI"}, ct), at=TUESDAY).accepted
    assert not send(before, episode(), at=TUESDAY).accepted


def test_a_list_of_answers_is_one_statement() -> None:
    before = accepted(MpsEpisode(mechanism=["nodal_extension"]))
    more = MpsEpisode(mechanism=["nodal_extension", "vertebral_extension"])
    assert not send(before, more, at=TUESDAY).accepted


def test_the_same_content_again_needs_none() -> None:
    before = accepted(function(ecog=2))
    again = send(before, function(ecog=2))
    assert again.accepted
    assert again.added == ()
    later = send(before, function(ecog=2), at=TUESDAY)
    assert later.accepted
    assert len(later.added) == 1


def test_an_older_version_comes_late_and_changes_nothing() -> None:
    before = accepted(function(ecog=2))
    late = send(before, function(ecog=3), at=MONDAY - timedelta(days=1))
    assert late.accepted
    assert len(late.late) == 1
    (current,) = late.case.all(Function)
    assert current.ecog == 2


def test_two_contents_at_one_time_are_ambiguous_even_with_a_reason() -> None:
    before = accepted(function(ecog=2))
    for reason in (None, "wrong patient chart"):
        (text,) = refused(send(before, function(ecog=3), reason=reason)).values()
        assert "later `recorded_at`" in text
    said = refused(send(EMPTY, function(ecog=2), function(ecog=2), function(ecog=3), reason="two readings"))
    assert list(said) == ["/forms/function/2"]


def test_a_record_is_withdrawn_with_its_own_reason_and_comes_back_with_another() -> None:
    before = accepted(function(ecog=2))
    withdrawn = send(before, function(retracted="other patient"), at=TUESDAY)
    assert withdrawn.accepted
    assert withdrawn.case.all(Function) == ()
    wednesday = TUESDAY + timedelta(days=1)
    (text,) = refused(send(withdrawn.case, function(ecog=2), at=wednesday)).values()
    assert "`retracted`" in text
    assert send(withdrawn.case, function(ecog=2), at=wednesday, reason="it was right").accepted


def test_records_are_told_apart_by_their_key() -> None:
    before = accepted(function(ecog=2), Toxicity(term="nausea", grade=1), Toxicity(term="fatigue", grade=1))
    assert send(
        before, function(assess_date="2025-03-11", ecog=3), Toxicity(term="diarrhoea"), at=TUESDAY
    ).accepted


def test_findings_name_the_record_and_no_value() -> None:
    before = accepted(Patient(country="JP", weight_kg=48.0))
    new = Patient(country="JP", weight_kg=84.0)
    submission = Submission("KND-0001", TUESDAY, (("/forms/patient", new),), None, "1.0")
    (found,) = unexplained(before, submission, submission.versions)
    assert (found.rule, found.form, found.key, found.pointer) == ("E12", "patient", "", "/forms/patient")
    assert found.values == {"changed": "weight_kg"}

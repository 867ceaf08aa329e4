"""The case: a correction is a further version, a withdrawal is one too, the latest recording is current."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry.domain.case import EMPTY, Case, Version, canonical
from registry.domain.dates import PartialDate
from registry.domain.forms.function import Function
from registry.domain.forms.patient import Patient
from registry.domain.forms.symptoms import Symptoms

DAY = PartialDate.parse("2026-01-10")


def at(hour: int) -> datetime:
    return datetime(2026, 2, 1, hour, tzinfo=UTC)


def ecog(value: int | None, hour: int = 1, reason: str | None = None, **more) -> Version:
    return Version.of(Function(assess_date=DAY, ecog=value, **more), at(hour), reason)


def test_a_correction_is_a_further_version():
    case = Case.of([ecog(1, 1), ecog(2, 2, "typed wrongly")])
    assert case.one(Function) == ecog(2).content
    assert [v.content.ecog for v in case.all_versions()] == [1, 2]
    assert case.version_of(case.one(Function)).reason == "typed wrongly"


def test_what_comes_late_is_history_and_not_current():
    assert Case.of([ecog(2, 5)]).merge(Case.of([ecog(1, 1)])).one(Function).ecog == 2


def test_two_contents_of_one_time_are_decided_by_their_hash():
    versions = [ecog(value, 1) for value in range(5)]
    greatest = max(versions, key=lambda v: v.hash)
    assert Case.of(versions).one(Function) == Case.of(versions[::-1]).one(Function) == greatest.content


def test_a_record_entered_in_error_is_withdrawn_and_can_come_back():
    gone = Version.of(Function(assess_date=DAY, retracted="of another patient"), at(2))
    withdrawn = Case.of([ecog(1, 1), gone])
    assert withdrawn.all(Function) == ()
    assert withdrawn.current == {}
    assert len(list(withdrawn.all_versions())) == 2
    assert withdrawn.merge(Case.of([ecog(1, 3)])).one(Function).ecog == 1


def test_different_keys_are_different_records():
    other = Version.of(Function(assess_date=PartialDate.parse("2026-01-11"), ecog=1), at(1))
    assert len(Case.of([ecog(1), other]).all(Function)) == 2


def test_records_stand_in_the_order_of_their_keys():
    sides = [Version.of(Symptoms(side=side), at(1)) for side in ("right", "left")]
    assert [s.side for s in Case.of(sides).all(Symptoms)] == ["left", "right"]
    assert Case.of(sides) == Case.of(sides[::-1])
    assert list(Case.of(sides).versions) == list(Case.of(sides[::-1]).versions)


def test_of_two_reasons_for_one_version_the_choice_does_not_depend_on_the_order():
    versions = [ecog(1, 1, reason) for reason in ("b", None, "a")]
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)):
        (kept,) = Case.of(versions[i] for i in order).all_versions()
        assert kept.reason == "a"


def test_the_same_moment_in_another_zone_is_the_same_version():
    there = at(1).astimezone(timezone(timedelta(hours=9)))
    assert Case.of([ecog(1)]) == Case.of([Version.of(ecog(1).content, there)])


def test_equal_content_is_equal_text_whatever_the_order_of_its_names():
    one = Patient.model_validate({"missing": {"birth": "refused", "egfr": "not_asked"}})
    two = Patient.model_validate({"missing": {"egfr": "not_asked", "birth": "refused"}})
    assert canonical(one) == canonical(two)


def test_the_empty_case_is_neutral():
    case = Case.of([ecog(1)])
    assert EMPTY.merge(case) == case.merge(EMPTY) == case
    assert EMPTY.one(Patient) is None


def test_a_withdrawn_record_has_no_current_version():
    content = Function(assess_date=DAY, retracted="of another patient")
    with pytest.raises(KeyError):
        Case.of([Version.of(content, at(1))]).version_of(content)

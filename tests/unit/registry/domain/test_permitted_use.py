"""What patients allow: each level of withdrawal, each scope, and the newest word."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.domain.case import Case, Version
from registry.domain.forms.consent import Consent
from registry.domain.permitted_use import (
    Withdrawn,
    allows,
    may_be_contacted,
    may_be_linked,
    may_be_shared,
    may_be_used,
    use_ended,
)

AT = datetime(2025, 12, 1, tzinfo=UTC)


def case(*consents: dict[str, Any]) -> Case:
    return Case.of(Version.of(Consent.model_validate(one), AT) for one in consents)


def a_consent(version: str = "1", date: str | None = "2024-01-01", **more: Any) -> dict[str, Any]:
    return {"version": version, "date": date, **more}


def withdrawn(level: str | None, **more: Any) -> dict[str, Any]:
    return a_consent(withdrawal={"level": level, **more})


@pytest.mark.parametrize(
    ("withdrawal", "allowed"),
    [
        (None, True),
        ({"level": "no_further_collection", "date": "2025-01-01"}, True),
        ({"level": "stop_use_of_existing", "date": "2025-01-01"}, False),
        ({"level": "erase", "date": "2025-01-01", "effective_from": "2025-12-01"}, False),
        ({"level": "erase", "date": "2025-01-01", "effective_from": "2025-12-02"}, True),
        ({"level": "erase"}, False),
    ],
)
def test_a_withdrawal_of_use_holds_from_its_day(withdrawal: dict[str, str] | None, allowed: bool) -> None:
    assert may_be_used(case(a_consent(withdrawal=withdrawal)), AT.date()) is allowed


def test_the_earliest_withdrawal_counts() -> None:
    said = (
        withdrawn("erase", date="2025-03-01"),
        a_consent("2", withdrawal={"level": "stop_use_of_existing", "date": "2025-02-01"}),
    )
    assert use_ended(case(*said)) == Withdrawn(date(2025, 2, 1), "stop_use_of_existing")


@pytest.mark.parametrize(
    ("anew", "allowed"),
    [
        ({"date": "2025-06-02"}, True),
        ({"date": "2025-06-01"}, False),  # the same day: which came first is not known
        ({"date": "2024-02-01"}, False),
        ({"date": None}, False),
        ({"date": "2025-06-02", "withdrawal": {"level": "erase", "date": "2025-07-01"}}, False),
    ],
)
def test_consent_given_anew_lifts_a_withdrawal_before_it(anew: dict[str, Any], allowed: bool) -> None:
    said = withdrawn("stop_use_of_existing", date="2025-06-01")
    assert may_be_used(case(said, a_consent("2", **anew)), AT.date()) is allowed


def test_nothing_lifts_a_withdrawal_that_has_no_date() -> None:
    assert not may_be_used(case(withdrawn("erase"), a_consent("2", "2025-06-02")), AT.date())


@pytest.mark.parametrize(
    ("scopes", "allowed"), [(None, True), (["registry_use"], False), (["registry_use", "data_sharing"], True)]
)
def test_sharing_is_a_scope_of_consent(scopes: list[str] | None, allowed: bool) -> None:
    assert may_be_shared(case(a_consent(scopes=scopes))) is allowed


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ([], ["data_sharing"], True),
        (["data_sharing"], [], False),
        (["data_sharing"], None, True),  # a consent that does not say leaves what was said
    ],
)
def test_the_newest_consent_that_says_decides(
    first: list[str], second: list[str] | None, allowed: bool
) -> None:
    known = case(a_consent("1", "2024-01-01", scopes=first), a_consent("2", "2024-05-01", scopes=second))
    assert allows(known, "data_sharing") is allowed


def test_of_two_consents_of_one_day_both_must_allow_it() -> None:
    assert not allows(case(a_consent("1", scopes=["linkage"]), a_consent("2", scopes=[])), "linkage")


def test_linkage_ends_when_a_withdrawal_of_use_is_known_and_not_only_on_its_day() -> None:
    said = withdrawn("erase", date="2025-12-01", effective_from="2027-01-01")
    assert may_be_used(case(said), AT.date())
    assert not may_be_linked(case(said))


@pytest.mark.parametrize(
    "level", ["no_further_contact", "no_further_collection", "stop_use_of_existing", "erase"]
)
def test_each_level_ends_contact(level: str) -> None:
    assert may_be_contacted(case(a_consent()))
    assert not may_be_contacted(case(withdrawn(level)))

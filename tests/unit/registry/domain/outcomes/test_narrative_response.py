"""Narrative response: kept apart from the category, and the one way in which words may assist it."""

from typing import Any

import pytest

from registry.domain.outcomes.outcome import Derived
from tests.factories_case import opioid, pain, seen, treated, values

BASELINE = pain("2025-03-04", 8)
STOPPED = [opioid(40, end="2025-04-01")]


def _told(*assessments: dict[str, Any], analgesic: list[dict[str, Any]], **more: Any) -> Derived:
    case = treated([BASELINE, *assessments], analgesic, **more)
    return values(case, "RESPNARR")["1|RT-1"]


def test_the_best_words_count() -> None:
    found = _told(
        pain("2025-04-10", None, narrative="improved"),
        pain("2025-05-10", None, narrative="near_complete"),
        pain("2025-06-10", None, narrative="worse"),
        analgesic=[opioid(40)],
    )
    assert found.value is not None
    assert (found.value["narrative"], found.value["assisted"]) == ("near_complete", None)


@pytest.mark.parametrize(
    "words", ["resolved", "near_complete", "marked_improvement", "improved", "unchanged"]
)
def test_less_opioid_with_no_more_pain_is_at_least_partial(words: str) -> None:
    found = _told(pain("2025-05-10", None, narrative=words), analgesic=STOPPED)
    assert found.value is not None
    assert found.value["assisted"] == "PR_assisted"


@pytest.mark.parametrize(
    ("assessment", "analgesic"),
    [
        (pain("2025-05-10", None, narrative="worse"), STOPPED),
        (
            pain("2025-05-10", None, narrative="improved"),
            [opioid(40, end="2025-04-01"), opioid(31, "2025-04-02")],
        ),
        (pain("2025-05-10", None, narrative="improved"), []),
        (pain("2025-05-10", 9, narrative="improved"), STOPPED),
        (
            pain("2025-05-10", None, narrative="improved"),
            [opioid(40, end="2025-04-01", drug_name="methadone")],
        ),
    ],
)
def test_nothing_else_is_assisted(assessment: dict[str, Any], analgesic: list[dict[str, Any]]) -> None:
    found = _told(assessment, analgesic=analgesic)
    assert found.value is not None
    assert found.value["assisted"] is None


def test_exactly_a_quarter_less_is_enough_and_unknown_rescue_does_not_matter() -> None:
    rescue = {"rescue_dose": 5, "rescue_unit": "mg"}
    less = [opioid(40, end="2025-04-01", **rescue), opioid(30, "2025-04-02")]
    found = _told(pain("2025-05-10", None, narrative="improved"), analgesic=less)
    assert found.value is not None
    assert found.value["assisted"] == "PR_assisted"


def test_words_never_become_a_category() -> None:
    case = treated([BASELINE, pain("2025-05-10", None, narrative="resolved")], [opioid(40)])
    assert {one.value["category"] for one in values(case, "RESP").values() if one.value} == {None}


@pytest.mark.parametrize(("said", "relapse"), [("yes", "yes"), ("no", "no"), ("unknown", None)])
def test_relapse_of_pain_is_what_follow_up_says_of_the_pain(said: str, relapse: str | None) -> None:
    visits = [seen("2025-08-01", pain_relapse=said, radiographic_relapse="yes")]
    found = _told(pain("2025-05-10", None, narrative="improved"), analgesic=[], follow_up=visits)
    assert found.value is not None
    assert found.value["pain_relapse"] == relapse


def test_silence_is_no_narrative() -> None:
    case = treated([BASELINE, pain("2025-05-10", 3, narrative="not_stated")], [])
    assert values(case, "RESPNARR") == {}

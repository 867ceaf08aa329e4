import pytest

from registry.domain.report.answers import answers, window_of
from registry.domain.report.people import People
from tests.factories_analysis import a_response, a_row, a_study, untreated


def people(*told: tuple[str | None, str | None]) -> People:
    return People.everyone(a_study(*(a_row(response_radiotherapy=a_response(*one)) for one in told)))


def test_everybody_is_assessable_or_has_a_reason() -> None:
    found = answers(
        people(("CR", None), ("PR", None), ("PP", None), (None, "died_before_window"), (None, "pending")),
        "M2",
    )
    assert (len(found.treated), len(found.assessable), len(found.not_assessable)) == (5, 3, 2)
    assert {name: len(group) for name, group in found.categories.items()} == {
        "CR": 1,
        "PR": 1,
        "IR": 0,
        "PP": 1,
    }
    assert {name: len(group) for name, group in found.reasons.items()} == {
        "died_before_window": 1,
        "pending": 1,
    }
    assert len(found.responders) == 2
    assert len(found.due) == 4  # the dead are due, who may still be assessed is not


def test_categories_may_be_read_another_way() -> None:
    found = answers(
        people(("IR", None), ("PR", None)), "M2", lambda window: "PP" if window.category == "IR" else None
    )
    assert len(found.categories["PP"]) == 1
    assert {name: len(group) for name, group in found.reasons.items()} == {"missing_omedd": 1}


def test_nobody_asks_the_untreated() -> None:
    with pytest.raises(ValueError, match="untreated"):
        window_of(untreated(), "M2")

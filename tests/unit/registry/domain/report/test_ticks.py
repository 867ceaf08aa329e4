import pytest

from registry.domain.report.ticks import MOST_MARKS, month_ticks


def test_marks_are_whole_months() -> None:
    assert month_ticks(91) == {0: 0, 30: 1, 61: 2, 91: 3}
    assert month_ticks(0) == {0: 0}


@pytest.mark.parametrize("until", [1, 30, 31, 91, 92, 365, 366, 1000, 5000])
def test_marks_reach_the_end_and_are_few(until: int) -> None:
    marks = list(month_ticks(until))
    assert marks[-1] >= until > marks[-2]
    assert len(marks) <= MOST_MARKS + 2


def test_marks_for_the_public_are_three_months_apart() -> None:
    assert month_ticks(120, "public") == {0: 0, 91: 3, 183: 6}

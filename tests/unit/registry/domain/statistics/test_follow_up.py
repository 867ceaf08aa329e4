import pytest

from registry.domain.statistics.counting import count
from registry.domain.statistics.follow_up import follow_up
from registry.domain.statistics.quantiles import median


def test_twelve_patients() -> None:
    """Twelve made-up patients (months): 0.90 at 4, 0.72 at 8, 0.36 at 12, median 12."""
    times = [2, 3, 4, 4, 5, 6, 7, 8, 8, 10, 12, 15]
    events = [1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1]
    curve = follow_up(count([(None, day, event) for day, event in zip(times, events, strict=True)]).tally)
    assert [curve.survival_at(day) for day in (4, 8, 12)] == pytest.approx([0.9, 0.72, 0.36])
    assert median(curve).day == 12


def test_all_causes_of_exit_end_being_watched_unwillingly() -> None:
    curve = follow_up(count([(None, 3, 1), (None, 5, 2), (None, 9, 0), (None, 9, 0)], causes=2).tally)
    assert [step.survival for step in curve.steps] == [1.0, 1.0, 0.0]

import pytest

from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.counting import count
from registry.domain.statistics.day_incidence import incidence_at
from registry.domain.statistics.small_sample import DayVerdict

THIRTY = count([(None, 10 + i, (i % 3)) for i in range(30)], causes=2).tally


def test_a_shown_estimate() -> None:
    found = incidence_at(THIRTY, 1, 20, "responded")
    expected = aalen_johansen(THIRTY)[0].step_at(20)
    assert expected is not None
    assert (found.verdict, found.value, found.limits) == (
        DayVerdict.SHOWN,
        expected.incidence,
        expected.limits,
    )
    assert found.sentence == "15 % (5-30 %; 20 at risk)"


def test_before_the_first_event_there_is_no_interval() -> None:
    found = incidence_at(THIRTY, 1, 10, "responded")
    assert found.sentence == "0 of 30 responded by day 10 (30 at risk)"
    assert found.limits == (None, None)


def test_counts_only_below_five() -> None:
    tally = count([(None, 5, 1), (None, 7, 2), (None, 9, 0)], causes=2).tally
    assert incidence_at(tally, 1, 6, "responded").sentence == "1 of 3 responded, followed 5-9 days"
    assert incidence_at(tally, 2, 6, "died first").value is None


def test_fewer_than_five_at_risk_and_the_end() -> None:
    few = incidence_at(THIRTY, 1, 37)
    assert (few.verdict, few.value) == (DayVerdict.TOO_FEW, None)
    last = aalen_johansen(THIRTY)[0].incidence_at(35)
    assert few.sentence == f"fewer than 5 at risk; last estimate {100 * last:.0f} % on day 35"
    assert incidence_at(THIRTY, 1, 99).sentence == "follow-up ends on day 39"


def test_a_cause_that_is_not_there_is_an_error() -> None:
    with pytest.raises(IndexError):
        incidence_at(THIRTY, 3, 20)

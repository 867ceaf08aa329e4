from registry.domain.statistics.counting import count
from registry.domain.statistics.median_survival import median_survival
from registry.domain.statistics.quantiles import Quantile


def test_too_few_patients() -> None:
    found = median_survival(count([(None, 10 + i, 1) for i in range(9)]).tally)
    assert (found.median, found.sentence) == (None, "too few patients for a median")


def test_reached_with_beta_product_limits() -> None:
    found = median_survival(count([(None, 10 + i, 1) for i in range(20)]).tally)
    assert (found.median, found.method) == (Quantile(19.5, 15, 24), "beta product")
    assert found.sentence == "19.5 days (15-24)"


def test_log_log_limits_from_60_patients_on() -> None:
    assert median_survival(count([(None, 10 + i, 1) for i in range(60)]).tally).method == "log-log"


def test_not_reached_is_said_with_its_lower_limit_and_the_follow_up() -> None:
    rows = [(None, 10 + i, 1) for i in range(6)] + [(None, 100, 0) for _ in range(9)]
    found = median_survival(count(rows).tally)
    assert found.median == Quantile(None, 13, None)
    assert found.sentence == "not reached (lower limit 13 days; median follow-up 100 days)"
    nobody_died = median_survival(count([(None, 100, 0)] * 12).tally)
    assert nobody_died.sentence == "not reached (lower limit 100 days; median follow-up 100 days)"


def test_upper_limit_not_reached() -> None:
    rows = [(None, 10 + i, 1) for i in range(7)] + [(None, 100 + i, 0) for i in range(6)]
    assert median_survival(count(rows).tally).sentence == "16 days (12-not reached)"


def test_refused_when_the_curve_halved_on_the_few_who_came_first() -> None:
    late = count([(0, 4, 1), (0, 6, 0)] + [(5, 20 + i, 1) for i in range(30)]).tally
    assert median_survival(late).sentence == "no median: only 1 at risk on some day up to it"
    assert median_survival(late.given_alive_at(6)).median == Quantile(34.5, 29, 40)

import pytest

from registry.domain.report.cells import middle, number, quantile, rate, share
from registry.domain.report.people import People
from tests.factories_analysis import a_row, a_study


def aged(*ages: int | None) -> People:
    return People.everyone(a_study(*(a_row(age_at_onset_years=age) for age in ages), audience="public"))


def first(people: People, count: int) -> People:
    return People(people.study, range(count))


def test_a_number_of_patients() -> None:
    assert (number(aged(50, 60)).text, number(aged(50, 60)).count) == ("2", 2)


def test_a_share_carries_both_numbers() -> None:
    cell = share(first(aged(*[50] * 37), 12), aged(*[50] * 37))
    assert (cell.text, cell.count, cell.of, cell.value) == ("12 (32 %)", 12, 37, pytest.approx(12 / 37))


def test_from_100_patients_on_percent_have_a_decimal() -> None:
    assert share(first(aged(*[50] * 120), 13), aged(*[50] * 120)).text == "13 (10.8 %)"


def test_a_share_of_nobody_is_a_dash() -> None:
    assert share(aged(), aged()).text == "–"


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [(2, 3, 0.0943, 0.9916), (7, 12, 0.2767, 0.8483), (10, 37, 0.1379, 0.4412), (262, 432, 0.5587, 0.6528)],
)
def test_a_rate_has_the_exact_interval(x: int, n: int, lower: float, upper: float) -> None:
    people = aged(*[50] * n)
    cell = rate(first(people, x), people)
    assert (cell.lo, cell.hi) == (pytest.approx(lower, abs=5e-5), pytest.approx(upper, abs=5e-5))
    assert cell.method == "Clopper-Pearson 95 %"


def test_a_rate_in_words() -> None:
    people = aged(*[50] * 37)
    assert rate(first(people, 10), people).text == "10/37 = 27 % (14–44 %)"
    assert rate(aged(), aged()).text == "no patients"


def test_a_median_is_of_those_whose_value_is_known() -> None:
    cell = middle(aged(40, 50, None, 60, 70, *[40, 50, 60, 70] * 5), lambda row: row.age_at_onset_years)
    assert (cell.text, cell.of, cell.value, cell.lo, cell.hi) == ("55 (48–62)", 24, 55, 48, 62)
    assert cell.of_who == 2**25 - 1 - 0b100


def test_the_public_is_told_quartiles_when_each_quarter_is_enough() -> None:
    assert middle(aged(*[50] * 19), lambda row: row.age_at_onset_years).text == "too few patients"


@pytest.mark.parametrize(("missing", "told"), [(1, False), (3, False), (4, False), (0, True)])
def test_whether_quartiles_are_told_does_not_tell_how_few_are_missing(missing: int, told: bool) -> None:
    cell = middle(aged(*[50] * (23 - missing), *[None] * missing), lambda row: row.age_at_onset_years)
    assert (cell.text != "too few patients") == told


def test_nor_do_the_digits_of_the_quartiles() -> None:
    """Between 50 and 51 lies the quartile of 26 patients at 50.25, of 27 at 50.5, of 28 at 50.75."""
    told = {
        middle(aged(*[50] * 7, *[51] * (n - 7)), lambda row: row.age_at_onset_years).lo for n in (26, 27, 28)
    }
    assert told <= {50, 51}


def test_ages_from_90_on_are_90_and_more() -> None:
    cell = middle(aged(*[85, 93, 97] * 7), lambda row: row.age_at_onset_years, most=90)
    assert (cell.text, cell.value) == ("90+ (85–90+)", 90)


def test_a_median_of_nobody_is_a_dash() -> None:
    assert middle(aged(None), lambda row: row.age_at_onset_years).text == "–"


def test_quantiles_are_those_of_r_type_7() -> None:
    assert quantile(dict.fromkeys([1, 2, 3, 4, 10], 1), 0.25) == 2
    assert quantile(dict.fromkeys([1, 2, 3, 10], 1), 0.75) == 4.75
    assert quantile({1: 2, 4: 2}, 0.5) == 2.5

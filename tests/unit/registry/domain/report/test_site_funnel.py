import pytest
from scipy.stats import binom

from registry.domain.report.document import Figure
from registry.domain.report.site_funnel import SECTION, limits
from tests.factories_analysis import a_response, a_row, a_study

SITES = ("A",) * 12 + ("B",) * 8
ROWS = [
    a_row(response_radiotherapy=a_response(c)) for c in ("PR",) * 6 + ("IR",) * 6 + ("CR",) * 2 + ("PP",) * 6
]


def test_points_are_the_sites() -> None:
    (figure,) = SECTION.build(a_study(*ROWS, sites=SITES))
    assert isinstance(figure, Figure)
    assert figure.data["share"].value == pytest.approx(0.4)
    assert [(site["label"], site["n"].count, site["count"].count) for site in figure.data["sites"]] == [
        ("A", 12, 6),
        ("B", 8, 2),
    ]
    assert [row.cells[0].text for row in figure.table.rows] == ["12", "8", "20"]


def test_limits_lie_between_the_whole_numbers_of_the_binomial() -> None:
    for n, low, high in limits(0.4, [5, 20, 300], 0.025):
        assert binom.ppf(0.025, n, 0.4) - 1 <= low * n <= binom.ppf(0.025, n, 0.4)
        assert binom.ppf(0.975, n, 0.4) - 1 <= high * n <= binom.ppf(0.975, n, 0.4)


def test_limits_stay_between_none_and_all() -> None:
    assert all(0 <= low <= high <= 1 for _, low, high in limits(0.5, range(1, 50), 0.001))


def test_one_site_has_no_funnel() -> None:
    (words,) = SECTION.build(a_study(*ROWS))
    assert not isinstance(words, Figure)

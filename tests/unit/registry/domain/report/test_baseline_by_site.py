from registry.domain.report.baseline_by_site import SECTION
from registry.domain.report.document import Table
from tests.factories_analysis import a_row, a_study


def test_staff_see_every_site() -> None:
    (table,) = SECTION.build(a_study(a_row(), a_row(nrs=7), sites=("A", "B")))
    assert table.columns == ("A", "B", "All sites")


def test_the_public_sees_sites_that_are_large_enough() -> None:
    sites = ("A",) * 30 + ("B",) * 25 + ("C",) * 12
    (table,) = SECTION.build(a_study(*[a_row()] * 67, sites=sites, audience="public"))
    assert isinstance(table, Table)
    assert table.columns == ("A", "other sites", "All sites")


def test_one_site_is_no_table() -> None:
    (words,) = SECTION.build(a_study(a_row()))
    assert not isinstance(words, Table)

from registry.domain.report.withdrawals import SECTION
from tests.factories_analysis import a_row, a_study


def test_withdrawals_by_level() -> None:
    rows = [a_row()] * 3 + [a_row(withdrawal="erase"), a_row(withdrawal="no_further_collection")]
    (table,) = SECTION.build(a_study(*rows))
    assert [row.cells[0].text for row in table.rows] == ["5", "3", "1", "1"]
    assert table.totals == (((0, 0), (1, 0), (2, 0), (3, 0)),)


def test_a_few_withdrawals_are_not_told() -> None:
    rows = [a_row()] * 20 + [a_row(withdrawal="no_further_contact")] * 2
    (table,) = SECTION.build(a_study(*rows, audience="public"))
    assert [row.cells[0].text for row in table.rows] == ["22", "22"]

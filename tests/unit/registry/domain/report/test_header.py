from registry.domain.report.header import SECTION
from tests.factories_analysis import a_row, a_study


def test_everything_the_numbers_depend_on_is_printed() -> None:
    words, table = SECTION.build(a_study(a_row(), a_row(), sites=("A", "B"), look=7, seal="ab12"))
    told = {row.head: row.cells[0].text for row in table.rows}
    assert "report number 7" in words.text
    assert "not adjusted for repeated looks" in words.text
    assert told["Clinical data up to and including"] == "2026-01-01"
    assert told["Sites with enrolled patients"] == "2: A, B"
    assert told["Version of opioid table"] == "MPS-OME-1"
    assert told["Seal of the audit chain"] == "ab12"

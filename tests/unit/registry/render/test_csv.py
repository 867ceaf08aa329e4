"""The CSV of a table: one line per cell, and no formulas."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from registry.domain.report.document import Cell, Row
from registry.render.csv import COLUMNS, csv_of
from registry.spreadsheet import safe
from tests.factories_report import a_table


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def test_every_cell_is_a_line_with_what_it_rests_on() -> None:
    head, group, first, *others = lines_of(csv_of(a_table()))
    assert tuple(head) == COLUMNS
    assert group == ["Response", "0", *[""] * 8]
    assert first == [
        "complete", "1", "Intention to treat", "9 (17 %)",
        str(9 / 52), "0.1", "0.9", "9", "52", "Clopper-Pearson 95 %",
    ]  # fmt: skip
    assert len(others) == 3


def test_a_hidden_cell_is_one_word() -> None:
    assert lines_of(csv_of(a_table()))[-1] == ["partial", "1", "Assessable", "suppressed", *[""] * 6]


def test_lines_end_as_the_standard_says() -> None:
    content = csv_of(a_table(rows=(Row('with "quotes", commas\nand lines', (Cell("a"), Cell("b"))),)))
    assert content.startswith(b"row,level,column,text,value,lo,hi,count,of,method\r\n")
    assert b'"with ""quotes"", commas\nand lines",0,' in content
    assert content.endswith(b"\r\n")


def test_formulas_are_made_safe_wherever_they_stand() -> None:
    table = a_table(columns=("=A1",), rows=(Row("@x", (Cell("=2", value=-2.0, method="+m"),)),))
    assert lines_of(csv_of(table))[1] == ["'@x", "0", "'=A1", "'=2", "-2.0", "", "", "", "", "'+m"]


@given(st.text(), st.text(), st.text())
def test_any_text_is_read_again_as_it_was_written(head: str, column: str, text: str) -> None:
    table = a_table(columns=(column,), rows=(Row(head, (Cell(text),)),))
    assert lines_of(csv_of(table))[1][:4] == [safe(head), "0", safe(column), safe(text)]

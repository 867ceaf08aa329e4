"""What must not be rendered."""

from dataclasses import replace

import pytest

from registry.domain.report.document import Cell, Document, Paragraph, Row, Section
from registry.render.soundness import UnsoundDocument, examine, figures, tables
from tests.factories_report import a_document, a_figure, a_table, of_blocks

WHY = "1 to 4, or would tell such a number"


def one_cell(cell: Cell) -> Document:
    return of_blocks(a_table(columns=("n",), rows=(Row("all", (cell,)),)))


@pytest.mark.parametrize(
    "cell",
    [
        Cell("suppressed", count=3, suppressed=WHY),
        Cell("suppressed", of=40, suppressed=WHY),
        Cell("suppressed", value=0.1, suppressed=WHY),
        Cell("suppressed", lo=0.0, suppressed=WHY),
        Cell("suppressed", hi=0.2, suppressed=WHY),
    ],
)
def test_a_hidden_cell_with_a_number_left_in_it_is_refused(cell: Cell) -> None:
    with pytest.raises(UnsoundDocument, match="hidden, yet has a number"):
        examine(one_cell(cell))


@pytest.mark.parametrize("cell", [Cell("3", count=3, who=7), Cell("3", of=3, of_who=7)])
def test_a_cell_that_tells_which_patients_is_refused(cell: Cell) -> None:
    with pytest.raises(UnsoundDocument, match="which patients"):
        examine(one_cell(cell))


def test_a_text_that_has_not_been_filled_is_refused() -> None:
    waiting = {"n": Cell("3", count=3)}
    for block in (Paragraph("{n} died", cells=waiting), a_table(cells=waiting), a_figure(cells=waiting)):
        with pytest.raises(UnsoundDocument, match="disclosure control"):
            examine(of_blocks(block))
    with pytest.raises(UnsoundDocument, match="disclosure control"):
        examine(of_blocks(a_figure(table=a_table(cells=waiting))))


def test_single_patients_do_not_leave_the_staff() -> None:
    alone = a_figure("swimmer", staff_only=True)
    examine(of_blocks(alone, audience="staff"))
    with pytest.raises(UnsoundDocument, match="staff only"):
        examine(of_blocks(alone))


def test_a_figure_without_words_is_refused() -> None:
    with pytest.raises(UnsoundDocument, match="text alternative"):
        examine(of_blocks(a_figure(alt=" ")))


@pytest.mark.parametrize("name", ["../report", "T1", "a b", "", "-x"])
def test_names_that_are_no_file_names_are_refused(name: str) -> None:
    for document in (
        of_blocks(a_table(id=name)),
        of_blocks(a_figure(id=name)),
        a_document(Section(name, "x", ())),
    ):
        with pytest.raises(UnsoundDocument, match="a name has"):
            examine(document)


def test_names_used_twice_are_refused() -> None:
    figure = a_figure()
    for document in (
        of_blocks(a_table(), figure, replace(figure, table=None)),
        of_blocks(a_table(), a_figure(table=a_table())),
        a_document(Section("s", "One", ()), Section("s", "Two", ())),
    ):
        with pytest.raises(UnsoundDocument, match="there twice"):
            examine(document)


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(UnsoundDocument, match="1 cells for 2 columns"):
        examine(of_blocks(a_table(rows=(Row("short", (Cell("1"),)),))))


def test_tables_of_figures_are_found_in_their_place() -> None:
    document = of_blocks(a_table(id="first"), a_figure("bars"), a_table(id="last"))
    assert [table.id for table in tables(document)] == ["first", "f_bars_numbers", "last"]
    assert [figure.id for figure in figures(document)] == ["f_bars"]

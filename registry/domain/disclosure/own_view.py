"""A hospital's own view of a public report: its own figures beside those of all other hospitals together.

Its own patients it knows, so their figures are told whatever their number. Of the others nothing is told that does not
follow from the public report: where a number is hidden there it is hidden here, and where it is told the others are the
difference, which the report was judged for (see ``readers``). So the view needs no judgement of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from registry.domain.disclosure.judgement import Judgement
from registry.domain.disclosure.protect import HIDDEN, told
from registry.domain.disclosure.quantities import tables_of
from registry.domain.report.cells import proportion
from registry.domain.report.document import Block, Cell, Document, Paragraph, Row, Section, Table

COLUMNS = ("This hospital", "All other hospitals", "All hospitals")
OVERALL = ("All", "Irradiated", "Patients", "Treated")
"""Last columns of tables that have everybody in them."""

SECTIONS = (
    "baseline",
    "treatments",
    "response",
    "response-strata",
    "incidence",
    "survival",
    "toxicity",
    "benefit",
)

ABOUT = (
    "Your patients beside those of all other hospitals together, from the public report of the same day. Of the others "
    "nothing is told that the public report does not tell: what is hidden there is hidden here. Medians and estimates "
    "of survival are given for your patients and for all. Hospitals treat different patients: a difference is a "
    "reason to look, not a verdict."
)


def own_view(
    document: Document, judgement: Judgement, site: str, own: Mapping[tuple[str, ...], Cell]
) -> Document:
    """The view of a site.

    document   the public report before its judgement
    own        figures of the site that are no counts, by table, row and column (see ``figures_of``)

    Raises KeyError for a site without patients in the report.
    """
    mark, public = document.insiders[site], told(document, judgement)
    sections = [Section("about", "About this view", (Paragraph(ABOUT),))]
    for before, after in zip(document.sections, public.sections, strict=True):
        if before.id in SECTIONS:
            blocks = tuple(_tables(before, after, mark, own))
            if blocks:
                sections.append(Section(before.id, before.title, blocks))
    return replace(
        public, title=f"{document.title}: {site} and the others", reader=site, sections=tuple(sections)
    )


def figures_of(document: Document) -> dict[tuple[str, ...], Cell]:
    """The figures of a report that are no counts, by table, row (with the heads above it) and column."""
    found = {}
    for section in document.sections:
        for block in section.blocks:
            for table in tables_of(block):
                for heads, row in _headed(table):
                    for column, cell in zip(table.columns, row.cells, strict=False):
                        if cell.count is None:
                            found[table.id, *heads, column] = cell
    return found


def _tables(
    before: Section, after: Section, mark: int, own: Mapping[tuple[str, ...], Cell]
) -> Iterator[Block]:
    shown = {table.id: table for block in after.blocks for table in tables_of(block)}
    for block in before.blocks:
        for table in tables_of(block):
            if table.id in shown:
                yield _beside(table, shown[table.id], mark, own)


def _beside(before: Table, after: Table, mark: int, own: Mapping[tuple[str, ...], Cell]) -> Table:
    rows: list[Row] = []
    whole = len(before.columns) == 1 or before.columns[-1] in OVERALL
    for (heads, row), shown in zip(_headed(before), after.rows, strict=True):
        if not row.cells:
            rows.append(Row(row.head, (), row.level))
            continue
        places = range(len(before.columns))[-1:] if whole else range(len(before.columns))
        if not whole:
            rows.append(Row(row.head, (), row.level))
        for place in places:
            column = before.columns[place]
            cells = _three(
                row.cells[place], shown.cells[place], mark, own.get((before.id, *heads, column), Cell("–"))
            )
            if cells[2].text:
                rows.append(Row(row.head if whole else column, cells, row.level if whole else row.level + 1))
    return Table(before.id, after.caption, before.corner, COLUMNS, tuple(rows), after.notes)


def _headed(table: Table) -> Iterator[tuple[tuple[str, ...], Row]]:
    heads: list[str] = []
    for row in table.rows:
        heads = [*heads[: row.level], row.head]
        yield tuple(heads), row


def _three(cell: Cell, shown: Cell, mark: int, figure: Cell) -> tuple[Cell, Cell, Cell]:
    """The cell of the hospital, of the others and of all."""
    if cell.count is None:
        bare = replace(figure, who=None, of_who=None, tells=(), rests_on=None)
        return bare, Cell("–"), shown
    count = ((cell.who or 0) & mark).bit_count()
    of = None if cell.of is None else ((cell.of_who or 0) & mark).bit_count()
    mine = proportion(count, of, limits=cell.lo is not None)
    if shown.count is None:  # hidden, or a bound
        return mine, Cell(HIDDEN, suppressed=shown.suppressed) if shown.suppressed else Cell("–"), shown
    others = None if cell.of is None or of is None else cell.of - of
    return mine, proportion(cell.count - count, others, limits=cell.lo is not None), shown

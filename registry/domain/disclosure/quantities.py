"""The numbers of patients a report would publish, each known once, and the sums that bind them.

The same patients counted in a table, in a figure and in a sentence are one quantity: hidden in one place and printed in
another it would not be hidden at all. Three kinds of sums bind them: those a table declares; every share x of n, which
also tells n - x; and every two of these groups, the n - x among them, of which one is inside the other and only a few
smaller, in whatever places they are told, because who knows what the groups are can subtract.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from registry.domain.report.document import Block, Cell, Document, Figure, Paragraph, Table


class Relation(NamedTuple):
    """One quantity is the sum of others (numbers of quantities)."""

    total: int
    parts: tuple[int, ...]


@dataclass
class Quantities:
    """All quantities of a document.

    values     each quantity's number of patients
    relations  the sums among them, which any reader may use
    marks      their patients, where they are known
    uses       how many cells tell each quantity: what hiding it would cost the reader
    places     where each stands, for a reader who lays one report beside the next
    many       those of which is told that they are not few, even where they are hidden
    """

    values: list[int] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    uses: Counter[int] = field(default_factory=Counter)
    marks: list[int | None] = field(default_factory=list)
    places: dict[int, set[str]] = field(default_factory=dict)
    many: set[int] = field(default_factory=set)
    _known: dict[Hashable, int] = field(default_factory=dict)

    def add(self, value: int, mark: int | None, place: Hashable) -> int:
        """The number of the quantity of these patients; nobody, and patients without a mark, are new each time."""
        key = ("mark", mark) if mark and value else ("place", place)
        if key not in self._known:
            self._known[key] = len(self.values)
            self.values.append(value)
            self.marks.append(mark if value else None)
        number = self._known[key]
        if self.values[number] != value:
            raise ValueError(
                f"the same patients are {self.values[number]} in one place and {value} in another"
            )
        return number

    def of(self, cell: Cell) -> tuple[int, ...]:
        """The quantities a printed cell tells: its count, its denominator, and what else follows from it."""
        place = id(cell)
        parts = [("count", cell.count, cell.who), ("of", cell.of, cell.of_who)]
        parts += [(f"tells {n}", mark.bit_count(), mark) for n, mark in enumerate(cell.tells)]
        return tuple(self.add(value, mark, (place, part)) for part, value, mark in parts if value is not None)

    def stands(self, number: int, place: str) -> None:
        """Note where a reader finds the quantity."""
        self.places.setdefault(number, set()).add(place)


def collect(document: Document, few: int) -> Quantities:
    """The quantities of all cells of a document and the relations among them.

    few  groups that differ by fewer than so many are compared with each other

    Raises ValueError where a table declares a sum that its cells do not have: a mistake of the section.
    """
    found = Quantities()
    for section in document.sections:
        for block in section.blocks:
            for place, cell in placed_cells(section.id, block):
                _share(found, cell, place, few)
                for number, part in zip(found.of(cell), _parts(cell), strict=True):
                    found.uses[number] += 1
                    found.stands(number, f"{place}|{part}")
            for table in tables_of(block):
                _totals(found, table)
    _differences(found, few)
    return found


def cells_of(block: Block) -> Iterator[Cell]:
    """Every cell of a block: of its tables, its texts and its data."""
    return (cell for _, cell in placed_cells("", block))


def placed_cells(section: str, block: Block) -> Iterator[tuple[str, Cell]]:
    """The same with their places: names that stay when a report is built again from later data."""
    name = section if isinstance(block, Paragraph) else block.id
    for key, cell in block.cells.items():
        yield f"{name}|{{{key}}}", cell
    for table in tables_of(block):
        if table is not block:
            for key, cell in table.cells.items():
                yield f"{table.id}|{{{key}}}", cell
        heads: list[str] = []
        for row in table.rows:
            heads = [*heads[: row.level], row.head]
            for column, cell in zip(table.columns, row.cells, strict=False):
                yield f"{table.id}|{' / '.join(heads)}|{column}", cell
    if isinstance(block, Figure):
        yield from _inside(f"{name}|data", block.data)


def _parts(cell: Cell) -> Iterator[str]:
    if cell.count is not None:
        yield "count"
    if cell.of is not None:
        yield "of"
    yield from (f"tells {n}" for n in range(len(cell.tells)))


def tables_of(block: Block) -> tuple[Table, ...]:
    """The tables of a block."""
    if isinstance(block, Paragraph):
        return ()
    if isinstance(block, Table):
        return (block,)
    return (block.table,) if block.table else ()


def _inside(place: str, data: Any) -> Iterator[tuple[str, Cell]]:
    if isinstance(data, Cell):
        yield place, data
    elif isinstance(data, Paragraph):
        yield from ((f"{place}|{{{key}}}", cell) for key, cell in data.cells.items())
    elif isinstance(data, Mapping):
        named = f"{place} {data['label']}" if isinstance(data.get("label"), str) else place
        for key, value in data.items():
            yield from _inside(f"{named}.{key}", value)
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            yield from _inside(f"{place}.{number}", value)


def _share(found: Quantities, cell: Cell, place: str, few: int) -> None:
    numbers = found.of(cell)
    if cell.count is None or cell.of is None or cell.count in (0, cell.of):
        return
    count, of, *_ = numbers
    mark = None if cell.who is None or cell.of_who is None else cell.of_who - cell.who
    rest = found.add(cell.of - cell.count, mark, (id(cell), "rest"))
    found.stands(rest, f"{place}|rest")
    found.relations.append(Relation(of, (count, rest)))
    if cell.few_missing is not None and found.values[rest] >= few:
        found.many.add(rest)


def _totals(found: Quantities, table: Table) -> None:
    for places in table.totals:
        cells = [table.rows[row].cells[column] for row, column in places]
        if any(cell.suppressed for cell in cells):
            continue  # was judged before
        counts = [cell.count for cell in cells]
        if None in counts or counts[0] != sum(count or 0 for count in counts[1:]):
            raise ValueError(f"table {table.id}: {counts} is declared a total and its parts")
        total, *parts = (found.of(cell)[0] for cell in cells)
        found.relations.append(Relation(total, tuple(parts)))
        _denominators(found, cells)


def _denominators(found: Quantities, cells: Sequence[Cell]) -> None:
    """Where the denominators of a sum add up, too, it is a sum of its own: "2 of 3" and "30 of 40" are "32 of 43"."""
    of = [cell.of for cell in cells]
    if None not in of and of[0] == sum(one or 0 for one in of[1:]):
        total, *parts = (found.of(cell)[1] for cell in cells)
        found.relations.append(Relation(total, tuple(parts)))


def _differences(found: Quantities, few: int) -> None:
    """Bind every two groups that stand somewhere of which one lies inside the other and is a few patients smaller."""
    standing = sorted((found.values[n], n) for n in found.places if found.marks[n])
    known = {(r.total, part) for r in found.relations if len(r.parts) == 2 for part in r.parts}
    for i, (size, inner) in enumerate(standing):
        for larger, outer in standing[i + 1 :]:
            if larger - size >= few:
                break
            a, b = found.marks[inner] or 0, found.marks[outer] or 0
            if size < larger and a & b == a and (outer, inner) not in known:
                rest = found.add(larger - size, b - a, ("difference", outer, inner))
                found.relations.append(Relation(outer, (inner, rest)))

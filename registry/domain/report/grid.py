"""Tables that describe patients: groups in columns, everyone in the last, shares and medians in rows.

The grid knows which counts add up to which, and tells disclosure control.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import replace
from typing import Any

from registry.domain.analysis import AnalysisRow
from registry.domain.report.adding_up import adding_up
from registry.domain.report.cells import middle, number, share
from registry.domain.report.collapse import pooled, smallest_group
from registry.domain.report.document import Cell, Row, Table
from registry.domain.report.people import People

Key = Callable[[AnalysisRow], Hashable]

NOT_RECORDED = "not recorded"
TOGETHER = "other or not recorded"


class Grid:
    """A table under construction; its first row is the number of patients of each column."""

    def __init__(self, groups: Mapping[str, People], everyone: People, overall: str = "All") -> None:
        self._columns = {**(groups if len(groups) > 1 else {}), overall: everyone}
        self._everyone = everyone
        self._rows: list[Row] = []
        self._totals: list[tuple[tuple[int, int], ...]] = []
        self._add("Patients", [number(people) for people in self._columns.values()])

    def heading(self, words: str) -> None:
        """A row without cells."""
        self._rows.append(Row(words, ()))

    def categories(
        self, head: str, key: Key, labels: Mapping[Any, str], *, missing: str = NOT_RECORDED
    ) -> None:
        """One row per category that parts the patients, if anybody is in it; what has no label counts as missing.

        Categories too small for the audience are one row.
        """
        found = self._everyone.split(lambda row: labels.get(key(row), missing))
        ordered = {label: found[label] for label in (*labels.values(), missing) if label in found}
        told = pooled(ordered, smallest_group(self._everyone.study), TOGETHER)
        if list(told) == [TOGETHER]:
            return
        self.heading(head)
        begin = len(self._rows)
        for label, people in told.items():
            self._shares(label, [column.among(people) for column in self._columns.values()])
        for column in range(len(self._columns)):
            self._totals.append(((0, column), *((row, column) for row in range(begin, len(self._rows)))))

    def several(
        self, head: str, answers: Callable[[AnalysisRow], Collection[str]], labels: Mapping[str, str]
    ) -> None:
        """One row per answer, of which a patient may have several or none; a sum where each has one."""
        self.heading(head)
        begin = len(self._rows)
        for answer, label in labels.items():
            self._told(label, self._where(_has(answers, answer)))
        self._told(
            "none of these", self._where(lambda row: not any(answer in labels for answer in answers(row)))
        )
        parts = range(begin, len(self._rows))
        self._totals += adding_up(self._rows, parts, range(len(self._columns)))

    def share(self, head: str, test: Key, *, level: int = 1) -> None:
        """How many of each column the test holds for."""
        self._shares(head, self._where(test), level)

    def share_of(self, head: str, test: Key, of: Key, *, level: int = 1) -> None:
        """The same among those for whom the question applies."""
        asked = self._where(of)
        cells = [share(people.where(test), people) for people in asked]
        self._add(head, cells, level)

    def median(
        self,
        head: str,
        value: Callable[[AnalysisRow], float | None],
        digits: int = 0,
        *,
        most: float | None = None,
    ) -> None:
        """Median and quartiles (see ``middle``), and under them how many are missing, where any are.

        To the public only the row of the missing tells how many it is of: told here, too, all patients of a column would
        say that nobody is missing where that is hidden for the sake of a few in another column.
        """
        cells = (middle(people, value, digits, most=most) for people in self._columns.values())
        if self._everyone.study.audience == "public":
            cells = (replace(cell, of=None, of_who=None) for cell in cells)
        self._rows.append(Row(head, tuple(cells)))
        self._told(NOT_RECORDED, self._where(lambda row: value(row) is None))

    def table(self, id: str, caption: str, corner: str, notes: tuple[str, ...] = ()) -> Table:  # noqa: A002
        """The table."""
        return Table(id, caption, corner, tuple(self._columns), tuple(self._rows), notes, tuple(self._totals))

    def _where(self, test: Key) -> list[People]:
        return [people.where(test) for people in self._columns.values()]

    def _told(self, head: str, parts: list[People]) -> None:
        """A row of shares, left out where nobody is in it."""
        if any(len(part) for part in parts):
            self._shares(head, parts)

    def _shares(self, head: str, parts: list[People], level: int = 1) -> None:
        whole = self._columns.values()
        self._add(head, [share(part, of) for part, of in zip(parts, whole, strict=True)], level)

    def _add(self, head: str, cells: list[Cell], level: int = 0) -> None:
        row, last = len(self._rows), len(cells) - 1
        self._rows.append(Row(head, tuple(cells), level))
        if last:
            self._totals.append(((row, last), *((row, column) for column in range(last))))


def _has(answers: Callable[[AnalysisRow], Collection[str]], answer: str) -> Key:
    return lambda row: answer in answers(row)

"""Sums that hold without being meant: rows of answers of which a patient may have several, and each has one.

Who sees in one column that they add up takes it for granted in the others, so disclosure control must know of them.
"""

from collections.abc import Sequence

from registry.domain.report.document import Row


def adding_up(
    rows: Sequence[Row], parts: Sequence[int], columns: Sequence[int]
) -> list[tuple[tuple[int, int], ...]]:
    """The columns in which these rows add up to the first row, as `Table.totals` has them."""
    return [
        ((0, column), *((row, column) for row in parts))
        for column in columns
        if parts
        and (rows[0].cells[column].count or 0) == sum(rows[row].cells[column].count or 0 for row in parts)
    ]

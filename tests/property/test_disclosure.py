"""What no choice of numbers may break: nothing small is told, nothing small follows from what is told."""

from datetime import UTC, date, datetime
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.disclosure import protect
from registry.domain.disclosure.puzzle import Range, feasible_ranges
from registry.domain.disclosure.quantities import Relation, cells_of
from registry.domain.report.document import Cell, Document, Paragraph, Row, Section, Table

THRESHOLDS = st.sampled_from((4, 5, 11))


@st.composite
def crossed(draw: st.DrawFn, most: int = 30) -> list[list[int]]:
    """A small table of counts with the totals in the last row and the last column."""
    height, width = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    inner = [[draw(st.integers(0, most)) for _ in range(width)] for _ in range(height)]
    rows = [[*row, sum(row)] for row in inner]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def places(height: int, width: int) -> list[tuple[tuple[int, int], ...]]:
    """The totals of such a table."""
    across = [((r, width - 1), *((r, c) for c in range(width - 1))) for r in range(height)]
    down = [((height - 1, c), *((r, c) for r in range(height - 1))) for c in range(width)]
    return across + down


def report(counts: list[list[int]]) -> Document:
    """The table as shares of the rows, and a sentence that says the first count again."""
    height, width = len(counts), len(counts[0])
    marks = [[(1 << 3 * r + c) * (counts[r][c] > 0) for c in range(width - 1)] for r in range(height - 1)]
    whole = [[*row, sum(row)] for row in marks]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    rows = tuple(
        Row(
            str(r),
            tuple(
                Cell(f"{n}", count=n, of=counts[r][-1], value=0.5, who=whole[r][c], of_who=whole[r][-1])
                for c, n in enumerate(counts[r])
            ),
        )
        for r in range(height)
    )
    table = Table("t", "", "", tuple("abcd"[:width]), rows, totals=tuple(places(height, width)))
    said = Paragraph(
        "{n} patients", cells={"n": Cell(f"{counts[0][0]}", count=counts[0][0], who=whole[0][0])}
    )
    when = datetime(2026, 1, 1, tzinfo=UTC)
    return Document("", 1, "public", date(2026, 1, 1), when, "", {}, (Section("s", "", (table, said)),))


@settings(max_examples=60, deadline=None)
@given(crossed(), THRESHOLDS)
def test_nothing_below_the_threshold_survives(counts: list[list[int]], threshold: int) -> None:
    made = protect(report(counts), threshold)
    for block in made.sections[0].blocks:
        for cell in cells_of(block):
            for told in (
                cell.count,
                cell.of,
                None if None in (cell.count, cell.of) else cell.of - cell.count,
            ):  # type: ignore[operator]
                assert told is None or told == 0 or told >= threshold
    if 0 < counts[0][0] < threshold:
        assert made.sections[0].blocks[1] == Paragraph("[suppressed] patients")


@settings(max_examples=60, deadline=None)
@given(crossed(), THRESHOLDS)
def test_protecting_twice_is_protecting_once(counts: list[list[int]], threshold: int) -> None:
    once = protect(report(counts), threshold)
    assert protect(once, threshold) == once


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), THRESHOLDS)
def test_an_attacker_who_tries_every_table_finds_three_values(inner: list[int], threshold: int) -> None:
    a, b, c, d = inner
    truth = [[a, b, a + b], [c, d, c + d], [a + c, b + d, a + b + c + d]]
    table = protect(report(truth), threshold).sections[0].blocks[0]
    assert isinstance(table, Table)
    told = {(r, k): cell.count for r, row in enumerate(table.rows) for k, cell in enumerate(row.cells)}
    hidden = {place for place, count in told.items() if count is None}
    most = truth[2][2]
    possible: dict[tuple[int, int], range] = {}
    for (r, k), count in told.items():
        if count is not None:
            possible[r, k] = range(count, count + 1)
        else:
            possible[r, k] = range(1, threshold) if 0 < truth[r][k] < threshold else range(most + 1)
    seen: dict[tuple[int, int], set[int]] = {place: set() for place in hidden}
    for w, x, y, z in product(*(possible[place] for place in ((0, 0), (0, 1), (1, 0), (1, 1)))):
        guess = [[w, x, w + x], [y, z, y + z], [w + y, x + z, w + x + y + z]]
        if all(guess[r][k] in allowed for (r, k), allowed in possible.items()):
            for r, k in hidden:
                seen[r, k].add(guess[r][k])
    if any(count for count in told.values()):  # where all is hidden, a reader does not know what was small
        assert all(len(values) >= 3 for (r, k), values in seen.items() if 0 < truth[r][k] < threshold)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=3, max_size=6), st.data())
def test_the_audit_agrees_with_trying_everything(counts: list[int], data: st.DataObject) -> None:
    groups = data.draw(
        st.lists(st.sets(st.integers(0, len(counts) - 1), min_size=1, max_size=4), min_size=1, max_size=3)
    )
    values = [*counts, *(sum(counts[i] for i in group) for group in groups)]
    sums = [Relation(len(counts) + g, tuple(sorted(group))) for g, group in enumerate(groups)]
    hidden = {n: Range(0, 6) for n in range(len(counts)) if data.draw(st.booleans())}
    seen: dict[int, set[int]] = {n: set() for n in hidden}
    for guess in product(*(range(bounds.lo, bounds.hi + 1) for bounds in hidden.values())):
        full = {**dict(enumerate(values)), **dict(zip(hidden, guess, strict=True))}
        if all(full[s.total] == sum(full[part] for part in s.parts) for s in sums):
            for n, value in zip(hidden, guess, strict=True):
                seen[n].add(value)
    assert feasible_ranges(hidden, values, sums) == {n: Range(min(v), max(v)) for n, v in seen.items()}

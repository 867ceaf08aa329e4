"""The tally as a table, as a report stores it and `docs/recompute_report.R` reads it.

One row per group and day; `n0`, the number observed from the origin, is repeated on every row of its group. In a
small group a tally tells as much as a list of patients: it has their access rights.
"""

from collections.abc import Iterable, Mapping

from registry.domain.statistics.tally import DayCount, Tally

COLUMNS = ("stratum", "day", "entries", "events", "competing", "censored", "n0")
"""Header of the table; `competing` is 0 throughout for tallies of one cause."""

StoredRow = tuple[str, int, int, int, int, int, int]


def stored_rows(groups: Mapping[str, Tally]) -> list[StoredRow]:
    """Rows of the table, in the order of the groups and their days; a group of nobody has none.

    Raises ValueError for a tally of three or more causes, or one that is conditioned on a later start: stored is
    what was counted, not what was made of it.
    """
    rows: list[StoredRow] = []
    for name, tally in groups.items():
        if tally.causes > 2 or tally.start:
            raise ValueError(f"{name}: only tallies of one or two causes from the origin are stored")
        for row in tally.days:
            events, competing = (*row.events, 0)[:2]
            rows.append((name, row.day, row.entries, events, competing, row.censored, tally.n0))
    return rows


def tallies_of(rows: Iterable[StoredRow]) -> dict[str, Tally]:
    """The tallies again, each of two causes; ValueError when the rows contradict each other."""
    groups: dict[str, tuple[int, list[DayCount]]] = {}
    for name, day, entries, events, competing, censored, n0 in rows:
        first, counts = groups.setdefault(name, (n0, []))
        if first != n0:
            raise ValueError(f"{name}: n0 is {first} on one row and {n0} on another")
        counts.append(DayCount(day, entries, (events, competing), censored))
    return {name: Tally.of(n0, counts, causes=2) for name, (n0, counts) in groups.items()}

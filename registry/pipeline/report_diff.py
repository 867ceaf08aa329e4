"""Why two reports differ: every changed number, attributed to what changed it; the attributions add up.

The snapshot of the first report is turned into that of the second in steps (cases withdrawn, corrected, derived otherwise,
added; then what was received), the report is computed after each, and the difference a step makes to a number is that
step's share. Shares of a number add up to its whole change by construction. Both ends are computed by the code that runs
now; what an older code had printed is a matter for ``verify``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from registry.domain.report.assemble import assemble
from registry.domain.report.document import Document, Figure, Table
from registry.pipeline.frozen_cases import FrozenCase
from registry.pipeline.snapshot import Frozen

Place = tuple[str, str, str]
"""(table, row, column); a row is named by the heads above it and its own"""


@dataclass(frozen=True, slots=True)
class Change:
    """One number that differs, and what each step did to it; ``None`` where there was no number."""

    place: Place
    before: float | None
    after: float | None
    shares: dict[str, float]


def changes(before: Frozen, after: Frozen) -> list[Change]:
    """Every number of the report that differs between two snapshots, in the order of the report."""
    stages = list(_stages(before, after))
    numbers = [_numbers(assemble(frozen.study(), frozen.rows_hash)) for _, frozen in stages]
    found = []
    for place in dict.fromkeys(place for one in numbers for place in one):
        values = [one.get(place) for one in numbers]
        if values[0] == values[-1]:
            continue
        shares = {
            name: (now or 0.0) - (then or 0.0)
            for (name, _), then, now in zip(stages[1:], values, values[1:], strict=False)
            if now != then
        }
        found.append(Change(place, values[0], values[-1], shares))
    return found


def counts(before: Frozen, after: Frozen) -> dict[str, int]:
    """How many cases each step concerns."""
    old, new = _by_name(before), _by_name(after)
    both = old.keys() & new.keys()
    return {
        "withdrawn": len(old.keys() - new.keys()),
        "corrected": sum(old[name].records != new[name].records for name in both),
        _otherwise(before, after): sum(
            old[name].records == new[name].records and old[name].analysis != new[name].analysis
            for name in both
        ),
        "added": len(new.keys() - old.keys()),
    }


def _stages(before: Frozen, after: Frozen) -> Iterator[tuple[str, Frozen]]:
    """The first snapshot and those on the way to the second, each with the name of the step that led to it."""
    yield "", before
    old, new = _by_name(before), _by_name(after)
    kept = {name: one for name, one in old.items() if name in new}
    yield "withdrawn", _with(before, kept)
    corrected = {n: new[n] if new[n].records != one.records else one for n, one in kept.items()}
    yield "corrected", _with(before, corrected)
    otherwise = {name: new[name] for name in kept}
    yield _otherwise(before, after), replace(_with(after, otherwise), ledger=before.ledger)
    yield "added", replace(after, ledger=before.ledger)
    yield "received", after


def _otherwise(before: Frozen, after: Frozen) -> str:
    """What makes a case with the same records count otherwise."""
    changed = [name for name, version in after.versions.items() if before.versions.get(name) != version]
    return f"changed {' and '.join(changed)}" if changed else "later cut-off"


def _by_name(frozen: Frozen) -> dict[tuple[str, str], FrozenCase]:
    return {(one.site, one.case): one for one in frozen.cases}


def _with(frozen: Frozen, cases: dict[tuple[str, str], FrozenCase]) -> Frozen:
    return replace(frozen, cases=tuple(cases[name] for name in sorted(cases)))


def _numbers(document: Document) -> dict[Place, float]:
    found: dict[Place, float] = {}
    for section in document.sections:
        for block in section.blocks:
            table = block.table if isinstance(block, Figure) else block
            if isinstance(table, Table):
                found.update(_of_table(table))
    return found


def _of_table(table: Table) -> Iterator[tuple[Place, float]]:
    heads: list[str] = []
    for row in table.rows:
        heads = [*heads[: row.level], row.head]
        for column, cell in zip(table.columns, row.cells, strict=False):
            number = cell.value if cell.value is not None else cell.count
            if number is not None:
                yield (table.id, " / ".join(heads), column), float(number)

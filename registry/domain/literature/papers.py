"""Which paper supplied how many of the cases of Table I of Takamatsu et al. 2018, as far as the table tells.

A row names its papers and its cases but not the cases of each paper. Every paper of a row supplied at
least one case, so a row with as many cases as papers gives exactly one of each; the other rows leave a
range, which narrows where a paper's own count is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.domain.findings import Finding
from registry.domain.literature.published import TableRow

REPORTED: Mapping[int, int] = {1: 4, 2: 4, 6: 3, 19: 3}
"""Patients that a paper reports by its own abstract, by reference number: Stevens & Gonet 1990, Agar
2004, Takase 2015, Yamaguchi 2018 (online 2017, as which the table cites it)."""


@dataclass(frozen=True, slots=True)
class Share:
    """Fewest and most cases that a paper supplied to one row, or to the table."""

    lo: int
    hi: int

    @property
    def exact(self) -> bool:
        """True when the number follows from the table."""
        return self.lo == self.hi

    def allows(self, cases: int) -> bool:
        """Whether the paper can have supplied so many."""
        return self.lo <= cases <= self.hi

    def __str__(self) -> str:
        return str(self.lo) if self.exact else f"{self.lo} to {self.hi}"


def shares(
    rows: Sequence[TableRow], reported: Mapping[int, int] | None = None
) -> dict[tuple[int, str], Share]:
    """Cases by (reference, site), narrowed by totals of papers that are wholly in the table."""
    found = {
        (paper, row.site): Share(1, row.cases - len(row.references) + 1)
        if len(row.references) > 1
        else Share(row.cases, row.cases)
        for row in rows
        for paper in row.references
    }
    sums = [([(paper, row.site) for paper in row.references], row.cases) for row in rows]
    for paper, total in (reported or {}).items():
        sums.append(([key for key in found if key[0] == paper], total))
    while _narrow(found, sums):
        pass
    return found


def _narrow(found: dict[tuple[int, str], Share], sums: list[tuple[list[tuple[int, str]], int]]) -> bool:
    """Tighten every share by the sums it is part of, those that cannot hold left out; whether any changed."""
    changed = False
    for keys, total in sums:
        low, high = sum(found[key].lo for key in keys), sum(found[key].hi for key in keys)
        if not low <= total <= high:
            continue
        for key in keys:
            share = found[key]
            tight = Share(max(share.lo, total - high + share.hi), min(share.hi, total - low + share.lo))
            if tight != share:
                found[key] = tight
                low, high = low + tight.lo - share.lo, high + tight.hi - share.hi
                changed = True
    return changed


def of_paper(found: Mapping[tuple[int, str], Share], paper: int) -> Share:
    """Fewest and most cases of a paper in the whole table."""
    parts = [share for (number, _), share in found.items() if number == paper]
    return Share(sum(part.lo for part in parts), sum(part.hi for part in parts))


def untraced(rows: Sequence[TableRow], reported: Mapping[int, int] = REPORTED) -> list[Finding]:
    """Papers that report another number of patients than the table can have taken from them.

    The counts of the papers that fit are used to narrow those of the others.
    """
    first = shares(rows)
    fitting = {paper: count for paper, count in reported.items() if of_paper(first, paper).allows(count)}
    findings = []
    for paper, count in reported.items():
        others = {number: known for number, known in fitting.items() if number != paper}
        found = shares(rows, others)
        share = of_paper(found, paper)
        if share.allows(count):
            continue
        parts = ", ".join(f"{site} {part}" for (number, site), part in found.items() if number == paper)
        text = f"Reference {paper} reports {count} patients; the table holds {share} of them ({parts})."
        values = {"reference": paper, "reported": count, "lo": share.lo, "hi": share.hi}
        findings.append(Finding("PAPER_COUNT_MISMATCH", "query", "/rows", text, values=values))
    return findings

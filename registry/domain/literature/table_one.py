"""Table I of Takamatsu et al. 2018, computed again: what the table gives beside what the text declares.

Nothing is mended. The declared and the computed figures are both kept, every difference is a finding with
its arithmetic, and reports use the computed figures with a footnote.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

from registry.domain.findings import Finding
from registry.domain.literature.published import TableRow

FIRST_DESCRIPTION = 1990
"""Year in which Stevens & Gonet described the syndrome; what is older cannot have used the term."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the text says of the table.

    condition             what the total is conditional on: the abstract gives the same number without it
    percent               percentage printed in the text, by group
    includes_index_cases  whether the three patients of the paper itself are counted
    """

    total: int
    condition: str
    percent: Mapping[str, int]
    includes_index_cases: bool


DECLARED = Declared(
    total=39,
    condition="the primary site was identified",
    percent={"female genital tract": 27, "gastrointestinal tract": 20, "urinary tract": 20},
    includes_index_cases=False,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The declared and the computed figures of a table, side by side.

    subtotals  cases of each group, in the order of the table
    findings   every difference, with its arithmetic
    """

    declared_total: int
    computed_total: int
    subtotals: Mapping[str, int]
    findings: tuple[Finding, ...]

    def percent(self, group: str) -> float:
        """Share of a group in the computed total, in percent, not rounded."""
        return 100 * self.subtotals[group] / self.computed_total


def declared_versus_computed(
    rows: Sequence[TableRow], declared_total: int, declared_percent: Mapping[str, float]
) -> Comparison:
    """Compare a printed total and printed percentages with the rows they are about.

    ``declared_percent`` holds whole percentages by group. The findings are ``TOTAL_MISMATCH``,
    ``PERCENT_MISMATCH`` (one for each value, with the denominators that would give it),
    ``CITATION_COUNT_MISMATCH`` and, as a note, ``PREDATES_DESCRIPTION``. Raises KeyError for a percentage
    of a group that the table does not have.
    """
    subtotals: Counter[str] = Counter()
    for row in rows:
        subtotals[row.group] += row.cases
    total = subtotals.total()
    findings = _total(subtotals, total, declared_total)
    for group, printed in declared_percent.items():
        if group not in subtotals:
            raise KeyError(group)
        findings += _percent(group, subtotals[group], printed, total, declared_total)
    findings += _citations(rows)
    findings += _older_than_the_term(rows)
    return Comparison(declared_total, total, dict(subtotals), tuple(findings))


def denominators(cases: int, percent: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The totals of which so many cases are so many whole percent: when rounded, and when cut off."""
    possible = range(max(cases, 1), 100 * max(cases, 1) + 1)
    rounded = tuple(n for n in possible if floor(100 * cases / n + 0.5) == percent)
    cut = tuple(n for n in possible if floor(100 * cases / n) == percent)
    return rounded, cut


def common_denominators(
    subtotals: Mapping[str, int], percent: Mapping[str, float]
) -> tuple[set[int], set[int]]:
    """The totals that give every printed percentage at once: when rounded, and when cut off."""
    each = [denominators(subtotals[group], printed) for group, printed in percent.items()]
    if not each:
        return set(), set()
    return set.intersection(*(set(one) for one, _ in each)), set.intersection(*(set(one) for _, one in each))


def _total(subtotals: Mapping[str, int], total: int, declared: int) -> list[Finding]:
    if total == declared:
        return []
    text = (
        f"The rows add up to {' + '.join(map(str, subtotals.values()))} = {total}, the text declares "
        f"{declared}: a difference of {total - declared:+}. Both are kept; reports use {total}."
    )
    return [_finding("TOTAL_MISMATCH", "/total", text, {"declared": declared, "computed": total})]


def _percent(group: str, cases: int, printed: float, total: int, declared: int) -> list[Finding]:
    shares = [(of, 100 * cases / of) for of in dict.fromkeys((total, declared))]
    if all(floor(share + 0.5) == printed for _, share in shares):
        return []
    computed = "; ".join(
        f"{cases}/{of} = {share:.2f} %, rounded {floor(share + 0.5)} %" for of, share in shares
    )
    rounded, cut = denominators(cases, printed)
    text = (
        f"For {group} {printed:g} % is printed, but {computed}. {cases} cases are {printed:g} % of "
        f"{_any_of(rounded)} when rounded, or of {_any_of(cut)} when cut off."
    )
    values = {"printed": printed, "cases": cases, "rounded": list(rounded), "cut_off": list(cut)}
    return [_finding("PERCENT_MISMATCH", f"/percent/{group}", text, values)]


def _citations(rows: Sequence[TableRow]) -> list[Finding]:
    used = Counter(number for row in rows for number in row.references)
    findings = []
    for i, row in enumerate(rows):
        names, numbers = len(row.authors), len(row.references)
        if names == numbers:
            continue
        only_here = [str(number) for number in row.references if used[number] == 1]
        text = (
            f"The row {row.site} names {names} authors for {numbers} references "
            f"({', '.join(map(str, row.references))}); of these {', '.join(only_here) or 'none'} stand "
            "nowhere else in the table."
        )
        values = {"site": row.site, "authors": names, "references": numbers}
        findings.append(_finding("CITATION_COUNT_MISMATCH", f"/rows/{i}", text, values))
    return findings


def _older_than_the_term(rows: Sequence[TableRow]) -> list[Finding]:
    papers = dict.fromkeys(author for row in rows for author in row.authors)
    old = [paper for paper in papers if paper[-4:].isdecimal() and int(paper[-4:]) < FIRST_DESCRIPTION]
    if not old:
        return []
    text = (
        f"{', '.join(old)}: older than the first description of the syndrome in {FIRST_DESCRIPTION}, so "
        "the diagnostic criteria cannot have been applied."
    )
    return [Finding("PREDATES_DESCRIPTION", "note", "/rows", text, values={"papers": ", ".join(old)})]


def _finding(code: str, pointer: str, text: str, values: dict[str, object]) -> Finding:
    return Finding(code, "query", pointer, text, values=values)


def _any_of(numbers: Sequence[int]) -> str:
    return " or ".join(map(str, numbers)) if numbers else "no total"

"""An attacker who wants to win: everything that can be worked out from public reports laid side by side.

He reads the published JSON and nothing else of the patients. He knows the source code, so he knows which numbers are of
the same group, which are sums of which, and how the sentences are worded; he is told so (``ids``, ``sums``). Of every
hidden number he works out the least and the greatest it can be, over the whole sequence:

* the sums of one report, by integer programming;
* what he takes for granted between reports: groups only grow, or do not change at all while nothing is said of them;
* differences of any two reports, of numbers told and of numbers worked out;
* as a hospital: all of it again, less its own patients.

A claim is a number of patients from 1 to the threshold less one that he holds for certain. Whether it is right is judged
by the truth, which he never sees.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.attack.months import Published

UNKNOWN = 10**6
NUMBER = re.compile(r"^([\d,]+)(?:/([\d,]+))?")


class Claim(NamedTuple):
    """So many patients: of a group in one report, or who came to (or left) it between two."""

    how: str
    place: str
    month: int
    since: int | None
    patients: int
    right: bool


@dataclass
class Reading:
    """One report as the attacker reads it: bounds of the size of every group."""

    report: Published
    own: frozenset[int] = frozenset()

    @cached_property
    def told(self) -> dict[int, int]:
        """The number of patients of each group that is told, wherever it stands."""
        found: dict[int, int] = {}
        for place, number in numbers(self.report):
            group = self.report.ids.get(place)
            if group is not None:
                assert found.setdefault(group, number) == number, f"{place}: the report contradicts itself"
        return found

    @cached_property
    def mine(self) -> list[int]:
        """How many of each group are the attacker's own patients."""
        return [len(group & self.own) for group in self.report.truth]

    def bounds(self) -> tuple[list[int], list[int]]:
        """The least and the greatest each group can be, from what is told alone."""
        groups = range(len(self.report.truth))
        low = [self.told.get(group, self.mine[group]) for group in groups]
        high = [self.told.get(group, UNKNOWN) for group in groups]
        return low, high


def numbers(report: Published) -> Iterator[tuple[str, int]]:
    """Every number of patients on the page with its place."""
    sections: Any = report.page["sections"]
    templates = iter(report.templates)
    for section in sections:
        for block in section["blocks"]:
            table = block if block["type"] == "table" else block.get("table")
            if table:
                yield from _of_table(table)
            if block["type"] == "figure":
                yield from _of_data(f"{block['id']}|data", block["data"])
            if block["type"] == "paragraph":
                yield from _of_text(section["id"], block["text"], templates)


def _of_table(table: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    heads: list[str] = []
    for row in table["rows"]:
        heads = [*heads[: row["level"]], row["head"]]
        for column, cell in zip(table["columns"], row["cells"], strict=False):
            place = f"{table['id']}|{' / '.join(heads)}|{column}"
            if cell["count"] is not None:
                yield f"{place}|count", cell["count"]
            if cell["of"] is not None:
                yield f"{place}|of", cell["of"]
            if cell["count"] and cell["of"] and cell["of"] > cell["count"]:
                yield f"{place}|rest", cell["of"] - cell["count"]


def _of_data(place: str, data: Any) -> Iterator[tuple[str, int]]:
    if isinstance(data, dict):
        named = f"{place} {data['label']}" if isinstance(data.get("label"), str) else place
        for key, value in data.items():
            yield from _of_data(f"{named}.{key}", value)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _of_data(f"{place}.{number}", value)
    elif isinstance(data, int) and not isinstance(data, bool):
        yield f"{place}|count", data


def _of_text(section: str, text: str, templates: Iterator[str]) -> Iterator[tuple[str, int]]:
    for template in templates:
        parts = re.split(r"\{(\w+)\}", template)
        shape = "".join(f"(?P<{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts))
        found = re.fullmatch(shape, text) if len(parts) > 1 else None
        if found:
            for key, words in found.groupdict().items():
                number = NUMBER.match(words)
                if number:
                    yield f"{section}|{{{key}}}|count", int(number[1].replace(",", ""))
                    if number[2]:
                        yield f"{section}|{{{key}}}|of", int(number[2].replace(",", ""))
        if found or template == text:
            return


def attack(reports: Sequence[Published], threshold: int, own: frozenset[int] = frozenset()) -> list[Claim]:
    """Every claim; ``own`` are the patients the attacker knows, because they are his."""
    readings = [Reading(report, own) for report in reports]
    who = "hospital" if own else "public"
    if not readings:
        return []
    ranges = [_within(reading) for reading in readings]
    grown = _over_time(readings, ranges)
    ranges = [
        _within(reading, *bounds) or alone
        for reading, bounds, alone in zip(readings, grown, ranges, strict=True)
    ]
    found = []
    for reading, (low, high) in zip(readings, ranges, strict=True):
        found += list(_small(reading, low, high, threshold, who))
    found += list(_differences(readings, ranges, threshold, who))
    return found


Ranges = tuple[list[int], list[int]]


def _within(reading: Reading, low: list[int] | None = None, high: list[int] | None = None) -> Any:
    """The range of each group by the sums of the report; None where the assumptions contradict it."""
    told_low, told_high = reading.bounds()
    low = told_low if low is None else [max(pair) for pair in zip(low, told_low, strict=True)]
    high = told_high if high is None else [min(pair) for pair in zip(high, told_high, strict=True)]
    if any(least > most for least, most in zip(low, high, strict=True)) or not _propagate(reading, low, high):
        return None
    for members, sums in _puzzles(reading, low, high):
        if not _solve(members, sums, low, high):
            return None
    return low, high


def _propagate(reading: Reading, low: list[int], high: list[int]) -> bool:
    for _ in range(ROUNDS):
        changed = False
        for total, parts in reading.report.sums:
            for number, least, most in _follows(total, parts, low, high):
                if least > low[number]:
                    low[number], changed = least, True
                if most < high[number]:
                    high[number], changed = most, True
                if low[number] > high[number]:
                    return False
        if not changed:
            break
    return True


def _follows(
    total: int, parts: Sequence[int], low: list[int], high: list[int]
) -> Iterator[tuple[int, int, int]]:
    lows, highs = sum(low[n] for n in parts), sum(high[n] for n in parts)
    yield total, lows, highs
    for n in parts:
        yield n, low[total] - (highs - high[n]), high[total] - (lows - low[n])


def _puzzles(reading: Reading, low: list[int], high: list[int]) -> Iterator[tuple[list[int], list[Any]]]:
    """Unknown groups bound together, with their sums."""
    leader = {n: n for n in range(len(low)) if low[n] < high[n]}

    def top(n: int) -> int:
        while leader[n] != n:
            n = leader[n]
        return n

    for total, parts in reading.report.sums:
        unknown = [n for n in (total, *parts) if n in leader]
        for n in unknown[1:]:
            leader[top(n)] = top(unknown[0])
    members: dict[int, list[int]] = {}
    for n in leader:
        members.setdefault(top(n), []).append(n)
    for some in members.values():
        inside = set(some)
        sums = [one for one in reading.report.sums if not inside.isdisjoint((one.total, *one.parts))]
        if sums:
            yield some, sums


def _solve(members: list[int], sums: list[Any], low: list[int], high: list[int]) -> bool:
    """Narrow the groups whose range is short by integer programming; False where nothing fits."""
    column = {n: i for i, n in enumerate(members)}
    matrix, right = np.zeros((len(sums), len(members))), np.zeros(len(sums))
    for line, (total, parts) in enumerate(sums):
        for n, sign in ((total, -1), *((part, 1) for part in parts)):
            if n in column:
                matrix[line, column[n]] += sign
            else:
                right[line] -= sign * low[n]
    held = LinearConstraint(matrix, right, right)
    for n in [n for n in members if high[n] - low[n] <= NEAR]:
        for sign in (1, -1):
            objective = np.zeros(len(members))
            objective[column[n]] = sign
            box = Bounds(
                np.array([low[m] for m in members], float), np.array([high[m] for m in members], float)
            )
            answer = milp(objective, constraints=held, bounds=box, integrality=np.ones(len(members)))
            if answer.x is None:
                return False
            value = round(answer.x[column[n]])
            low[n], high[n] = (value, high[n]) if sign == 1 else (low[n], value)
    return True


ROUNDS = 100
"""Of simple reasoning; where assumptions contradict the sums, bounds creep for ever."""
NEAR = 4
"""Ranges longer than this by simple reasoning are not worth a solver: he is after single values."""


def _over_time(readings: Sequence[Reading], ranges: Sequence[Ranges]) -> list[Ranges]:
    """The bounds of each report when groups are taken to grow only."""
    at: list[dict[str, int]] = [dict(reading.report.ids) for reading in readings]
    lows, highs = [list(low) for low, _ in ranges], [list(high) for _, high in ranges]
    for i, j in pairwise(range(len(readings))):
        for place in at[i].keys() & at[j].keys():
            here, there = at[i][place], at[j][place]
            lows[j][there] = max(lows[j][there], lows[i][here])
    for j, i in pairwise(range(len(readings) - 1, -1, -1)):
        for place in at[i].keys() & at[j].keys():
            here, there = at[i][place], at[j][place]
            highs[i][here] = min(highs[i][here], highs[j][there])
    return list(zip(lows, highs, strict=True))


def _small(reading: Reading, low: list[int], high: list[int], threshold: int, who: str) -> Iterator[Claim]:
    places = {number: place for place, number in reading.report.ids.items()}
    for group, (least, most) in enumerate(zip(low, high, strict=True)):
        others = least - reading.mine[group]
        if least == most and 0 < others < threshold:
            true = len(reading.report.truth[group] - reading.own)
            place = places.get(group, "a difference")
            yield Claim(f"{who}: cell", place, reading.report.month, None, others, true == others)


def _differences(
    readings: Sequence[Reading], ranges: Sequence[Ranges], threshold: int, who: str
) -> Iterator[Claim]:
    """Any two reports: the patients between them, where a group only grew or only shrank."""
    known: dict[str, list[tuple[Reading, int, int]]] = {}
    for reading, (low, high) in zip(readings, ranges, strict=True):
        for place, group in reading.report.ids.items():
            if low[group] == high[group]:
                known.setdefault(place, []).append((reading, group, low[group] - reading.mine[group]))
    seen, own = set(), readings[0].own
    for place, times in known.items():
        for j, (later, there, now_told) in enumerate(times):
            for earlier, here, then_told in times[:j]:
                change = now_told - then_told
                if not 0 < abs(change) < threshold:
                    continue
                then, now = earlier.report.truth[here] - own, later.report.truth[there] - own
                if (then, now) in seen:
                    continue
                seen.add((then, now))
                came, left = len(now - then), len(then - now)
                right = (came, left) == ((change, 0) if change > 0 else (0, -change))
                yield Claim(
                    f"{who}: difference", place, later.report.month, earlier.report.month, change, right
                )

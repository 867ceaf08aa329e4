"""Sharing profiles: what leaves the registry's own staff, and how.

internal      the registry's own analysts: everything but the hospitals' words
limited       limited data set, 45 CFR 164.514(e): dates stay, names a hospital gave to courses and drugs do not; needs a
              data use agreement
safe-harbour  45 CFR 164.514(b)(2): dates become days from the onset of symptoms, the year of onset a bin of two years,
              the ages of all who lived to 90 one category, sites and countries with few cases are pooled and sites have
              no code; cases have random names and stand in random order, so that neither tells the site

Registry decisions where the regulation leaves a choice: bins of two years, the threshold of the public report; 90 is
counted at the last day of observation, because age and survival together tell the age at death.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from registry.domain.dates import DAYS_PER_YEAR
from registry.formats.analysis.field import Field
from registry.formats.exported import ExportedCase, Profile
from registry.formats.table import Column, Table

PROFILES: tuple[Profile, ...] = ("internal", "limited", "safe-harbour")

OLDEST = 90
"""Ages from here on are one category."""
BIN = 2
"""Calendar years in a bin."""
OTHER = "other"
"""What a site or country with few cases is called."""

_AGES = frozenset({"age_at_onset_years", "age_value"})
_POOLED = ("site", "country")

Change = Callable[[Any, "Masked"], Any]


class Masked:
    """One case under a profile: its name in the data set, its place in the order, its day of onset, and whether it is old.

    old  the patient lived to the age from which ages are one category
    """

    __slots__ = ("key", "name", "old", "onset")

    def __init__(self, case: ExportedCase, profile: Profile) -> None:
        self.key = secrets.randbits(64) if profile == "safe-harbour" else 0
        self.name = f"{self.key:016x}" if profile == "safe-harbour" else case.registry_id
        row = case.value("OSONS")
        known = (row["value"] or {}) if row else {}
        start, end = known.get("start"), known.get("end")
        self.onset = date.fromisoformat(start).toordinal() if start else None
        age = case.analysis.get("age_at_onset_years")
        lived = date.fromisoformat(end).toordinal() - self.onset if end and self.onset else 0
        self.old = age is not None and age + lived / DAYS_PER_YEAR >= OLDEST


def kept(fields: Sequence[Field], profile: Profile) -> list[Field]:
    """The fields that a profile lets through."""
    allowed = {
        "internal": ("safe", "limited", "internal"),
        "limited": ("safe", "limited"),
        "safe-harbour": ("safe",),
    }
    return [field for field in fields if field.sharing in allowed[profile]]


def column_of(field: Field, profile: Profile) -> Column:
    """The column as it stands in the data set."""
    column = field.column
    if profile != "safe-harbour":
        return column
    if column.kind == "date":
        label = f"{column.label} (days from symptom onset)"
        return Column(column.name, label, "integer", unit="d", source=column.source)
    if column.name in _AGES:
        label = f"{column.label} (90 is 90 or older)"
        return Column(column.name, label, column.kind, unit=column.unit, source=column.source)
    return column


def change_of(field: Field, profile: Profile) -> Change | None:
    """What a value of the field becomes; None where it stays as it is."""
    name = field.column.name
    if name == "case":
        return lambda value, masked: masked.name
    if profile == "safe-harbour" and field.column.kind == "date":
        return _days_from_onset
    if profile == "safe-harbour" and name in _AGES:
        return lambda age, masked: None if age is None else OLDEST if masked.old else min(age, OLDEST)
    return None


def _days_from_onset(day: str | None, masked: Masked) -> int | None:
    if day is None or masked.onset is None:
        return None
    return date.fromisoformat(day).toordinal() - masked.onset


def year_bin(day: int | None) -> str | None:
    """The bin of years of a day, given as its ordinal: ``2024-2025``."""
    if day is None:
        return None
    first = date.fromordinal(day).year // BIN * BIN
    return f"{first}-{first + BIN - 1}"


class Pool:
    """Sites and countries with fewer than ``threshold`` cases become one; sites that stay get letters at random.

    Where those few together are still fewer, the next smallest goes with them: else the pool would name the one in it.
    """

    def __init__(self, table: Table, threshold: int) -> None:
        self._places = [i for i, column in enumerate(table.columns) if column.name in _POOLED]
        self._counts: dict[int, Counter[str | None]] = {place: Counter() for place in self._places}
        self._sites = [i for i in self._places if table.columns[i].name == "site"]
        self._threshold = threshold
        self._names: dict[int, dict[str | None, str | None]] = {}

    def count(self, row: Sequence[Any]) -> None:
        """Take note of a row of the case table."""
        for place in self._places:
            self._counts[place][row[place]] += 1

    def pooled(self, row: list[Any]) -> list[Any]:
        """The row as it leaves, once all rows were counted."""
        self._names = self._names or {place: self._names_at(place) for place in self._places}
        for place in self._places:
            row[place] = self._names[place][row[place]]
        return row

    def _names_at(self, place: int) -> dict[str | None, str | None]:
        counts = self._counts[place]
        names: dict[str | None, str | None] = {one: one for one in counts}
        if place in self._sites:
            drawn = secrets.SystemRandom().sample(sorted(counts, key=str), len(counts))
            names = {code: f"S{number:02}" for number, code in enumerate(drawn, 1)}
        together = 0
        for one, count in sorted(counts.items(), key=lambda found: (found[1], str(found[0]))):
            if count >= self._threshold and (together == 0 or together >= self._threshold):
                break
            names[one], together = OTHER, together + count
        return names

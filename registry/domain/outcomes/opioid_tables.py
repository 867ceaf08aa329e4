"""Conversion tables to oral morphine, as data: one JSON file per table, read when first asked for.

A factor means something only with its table, its route and its unit: 7.2 for transdermal fentanyl is per ug/h
of one three-day *patch product* a day (CDC 2017), 2.4 is per ug/h worn (CDC 2022), and both say 60 mg for a
25 ug/h patch. The factors describe exposure. They are not for switching drugs.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

DEFAULT_TABLE = "MPS-OME-1"
NONLINEAR = frozenset({"methadone"})
"""Opioids whose ratio to morphine changes with the dose: their value is shown, never added."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One row of a table for one route.

    unit       what it is applied to: ``mg`` or ``ug`` a day, ``ug/h`` worn, or ``patch_72h`` (strength in
               ug/h of three-day patches x patches a day)
    table      id of the table that prints it, which in a composed set is not the set itself
    low, high  the range the source prints, where it prints one; ``note`` says why the factor was chosen
    bands      (upper end of the daily dose or None, factor of the whole dose), where it depends on the dose
    """

    inn: str
    route: str
    unit: str
    factor: float
    table: str
    low: float | None = None
    high: float | None = None
    bands: tuple[tuple[float | None, float], ...] = ()
    printed: str | None = None
    note: str | None = None

    @property
    def linear(self) -> bool:
        return self.inn not in NONLINEAR

    def equivalent(self, amount: float) -> float:
        """Oral morphine in mg/d for an amount in the unit of the factor."""
        for upper, factor in self.bands:
            if upper is None or amount <= upper:
                return amount * factor
        return amount * self.factor


@dataclass(frozen=True, slots=True)
class OpioidTable:
    """A conversion table with its provenance. ``evidence`` says how far its numbers have been checked."""

    id: str
    title: str
    source: str
    version: str
    scope: str
    evidence: str
    factors: tuple[Factor, ...]

    def factor(self, inn: str, route: str, unit: str | None = None) -> Factor | None:
        """The factor for a drug by a route, if there is one; with ``unit``, only if it is for that unit."""
        for factor in self.factors:
            if (factor.inn, factor.route) == (inn, route) and unit in (None, factor.unit):
                return factor
        return None


@lru_cache
def opioid_table(table_id: str = DEFAULT_TABLE) -> OpioidTable:
    """The table of that id. Raises LookupError naming the tables there are when it is not one of them."""
    if table_id not in table_ids():
        raise LookupError(f"there is no opioid table {table_id!r}; choose one of {', '.join(table_ids())}")
    raw = _read(f"opioid/{table_id}.json")
    about = {key: raw[key] for key in ("id", "title", "source", "version", "scope", "evidence")}
    return OpioidTable(**about, factors=tuple(_factors(raw)))


@lru_cache
def table_ids() -> tuple[str, ...]:
    """Ids of all tables, the default first."""
    folder = files("registry.domain.outcomes") / "data" / "opioid"
    ids = sorted(file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json"))
    return tuple(sorted(ids, key=lambda table_id: table_id != DEFAULT_TABLE))


def patch_rate(product: str, labelled_mg: float) -> tuple[str, float] | None:
    """Drug and delivered rate in ug/h of patches labelled in mg, worn at the same time (Japanese products).

    None when the product is unknown or its strengths cannot add up to the labelled sum.
    """
    name = unicodedata.normalize("NFKC", product).casefold()
    for patch in _patches():
        if any(known.casefold() in name for known in patch["names"]):
            rate = _sum_of_strengths(Decimal(str(labelled_mg)), patch["ug_per_h"])
            return None if rate is None else (patch["inn"], rate)
    return None


def _sum_of_strengths(labelled: Decimal, strengths: dict[str, float]) -> float | None:
    """Rate of the patches that make up the labelled sum, the largest first: 3 mg is 2 mg and 1 mg."""
    rate = 0.0
    for strength in sorted(map(Decimal, strengths), reverse=True):
        count = labelled // strength
        labelled -= count * strength
        rate += int(count) * strengths[str(strength)]
    return rate if labelled == 0 else None


def _factors(raw: dict[str, Any]) -> Iterator[Factor]:
    """The rows of a table, one per route, then what it takes from others; the first that fits wins."""
    for row in raw["rows"]:
        low, high = row.get("range", (None, None))
        for route in row["routes"]:
            yield Factor(
                inn=row["inn"],
                route=route,
                unit=row["unit"],
                factor=float(row["factor"]),
                table=raw["id"],
                low=low,
                high=high,
                bands=tuple((upper, float(factor)) for upper, factor in row.get("bands", ())),
                printed=row.get("printed"),
                note=row.get("note"),
            )
    for part in raw["parts"]:
        routes, inns = part.get("routes"), part.get("inns")
        for factor in opioid_table(part["table"]).factors:
            if (not routes or factor.route in routes) and (not inns or factor.inn in inns):
                yield factor


@lru_cache
def _patches() -> tuple[dict[str, Any], ...]:
    return tuple(_read("patches.json")["products"])


def _read(name: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((files("registry.domain.outcomes") / "data" / name).read_text("utf-8"))
    return raw

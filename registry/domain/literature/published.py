"""What is published: three cases, Table I, and benchmark figures, as data files beside this module.

Everything is read when it is asked for. Literature never enters the estimates of the prospective cohort.
"""

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of Table I of Takamatsu et al. 2018: patients by primary site, with the papers they come from."""

    group: str
    site: str
    cases: int
    authors: tuple[str, ...]
    references: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published figure with its population and time origin, without which it says nothing.

    ``patients`` is None and a text empty where the source is silent; ``status`` is how far it was verified.
    """

    source: str
    patients: int | None
    population: str
    treatment: str
    response: str
    survival: str
    origin: str
    status: str


def published_cases() -> list[dict[str, Any]]:
    """The three cases of Takamatsu et al. 2018 as submissions, with offsets in place of dates."""
    cases: list[dict[str, Any]] = json.loads(_text("takamatsu_2018.json"))
    return cases


@cache
def table_one() -> tuple[TableRow, ...]:
    """Table I of Takamatsu et al. 2018 row by row; its rows add up to 37, while the text says 39."""
    return tuple(
        TableRow(
            row["group"],
            row["site"],
            int(row["cases"]),
            tuple(row["authors"].split("; ")),
            tuple(int(number) for number in row["references"].split(";")),
        )
        for row in _rows("table1.csv")
    )


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Published responses and survival, each with its population and origin."""
    return tuple(
        Benchmark(
            row["source"],
            int(row["n"]) if row["n"] else None,
            row["population"],
            row["treatment"],
            row["response"],
            row["survival"],
            row["origin"],
            row["status"],
        )
        for row in _rows("benchmarks.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files("registry.domain.literature").joinpath(name).read_text("utf-8")

"""Every number a report prints is worked out again from its JSON, by other code than printed it.

The report is of a simulated registry, for the staff and for the public.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from scipy.stats import beta

from registry.domain.disclosure import protect
from registry.domain.report.assemble import assemble
from registry.render.files import render
from tests.attack.months import Cohort

DAYS_PER_MONTH = 30.4375
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

Json = dict[str, Any]


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return Cohort(patients=150, sites=3, months=24, seed=3)


@pytest.fixture(scope="module", params=["staff", "public"])
def files(request: pytest.FixtureRequest, cohort: Cohort) -> dict[str, bytes]:
    study = replace(cohort.study(24, 11 if request.param == "public" else 5), audience=request.param)
    if request.param == "staff":
        study = replace(study, patients=None)
    document = protect(assemble(study, "0" * 64), study.threshold)
    return {file.name: file.content for file in render(document)}


@pytest.fixture
def report(files: dict[str, bytes]) -> Json:
    found: Json = json.loads(files["report.json"])
    return found


def tables(report: Json) -> Iterator[Json]:
    for section in report["sections"]:
        for block in section["blocks"]:
            if table := block if block["type"] == "table" else block.get("table"):
                yield table


def cells(report: Json) -> Iterator[tuple[str, Json]]:
    for table in tables(report):
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row["cells"], strict=False):
                yield f"{table['id']} | {row['head']} | {column}: {cell['text']}", cell


def per_cent(cell: Json) -> str:
    """A share of the counted: one decimal from a hundred patients on."""
    return f"{100 * cell['count'] / cell['of']:.{int(cell['of'] >= 100)}f} %"


def exact(cell: Json) -> str:
    """Clopper & Pearson 1934, by quantiles of the beta distribution."""
    count, of = cell["count"], cell["of"]
    lo = beta.ppf(0.025, count, of - count + 1) if count else 0.0
    hi = beta.ppf(0.975, count + 1, of - count) if count < of else 1.0
    assert (cell["lo"], cell["hi"]) == pytest.approx((lo, hi), abs=1e-12)
    assert cell["value"] == count / of
    low, high = (f"{100 * cell[key]:.{int(of >= 100)}f}" for key in ("lo", "hi"))
    return f"{count:,}/{of:,} = {per_cent(cell)} ({low}–{high} %)"


def counted(cell: Json) -> str:
    return f"{cell['count']:,}" if cell["of"] is None else f"{cell['count']:,} ({per_cent(cell)})"


def _as_in(text: str, numbers: list[float | None], words: str = "not reached") -> str:
    """The text with its numbers replaced by these, each rounded to as many decimals as the first one printed."""
    decimals = len(text.partition(" ")[0].partition(".")[2])
    pieces = [words if one is None else f"{one:,.{decimals}f}" for one in numbers]
    return f"{pieces[0]} ({pieces[1]}–{pieces[2]})"


def probability(cell: Json) -> str:
    text: str = cell["text"]
    value, lo, hi = (None if cell[key] is None else 100 * cell[key] for key in ("value", "lo", "hi"))
    decimals = len(text.partition(" ")[0].partition(".")[2])
    if lo is None or hi is None:
        return f"{value:.{decimals}f} % (no interval)"
    few = ", few at risk" if text.endswith("few at risk)") else ""
    return f"{value:.{decimals}f} % ({lo:.{decimals}f}–{hi:.{decimals}f} %{few})"


def months(cell: Json) -> str:
    said = [
        "not reached" if days is None else f"{days / DAYS_PER_MONTH:.1f}"
        for days in (cell["value"], cell["lo"], cell["hi"])
    ]
    if cell["lo"] is None and "not defined" in cell["text"]:
        said[1] = "not defined"
    return said[0] if cell["method"].startswith("reversed") else f"{said[0]} ({said[1]}–{said[2]})"


def middle(cell: Json) -> str:
    return _as_in(cell["text"].replace("+", ""), [cell["value"], cell["lo"], cell["hi"]])


def alone(cell: Json) -> str:
    printed = cell["text"].removesuffix(" %")
    return f"{cell['value']:,.{len(printed.partition('.')[2])}f}{cell['text'].removeprefix(printed)}"


METHODS: dict[str, Callable[[Json], str]] = {
    "Clopper-Pearson": exact,
    "Kaplan-Meier median": months,
    "reversed Kaplan-Meier": months,
    "Kaplan-Meier": probability,
    "Aalen-Johansen": probability,
    "median (quartiles)": middle,
    "mean": middle,
}
"""How what is printed follows from the numbers beside it, by the beginning of the method; the longest first."""


def printed(cell: Json) -> str:
    for method, words in METHODS.items():
        if (cell["method"] or "").startswith(method):
            return words(cell)
    return alone(cell) if cell["count"] is None else counted(cell)


PROSE = (
    "about",
    "literature_discrepancies",
    "literature_benchmarks",
    "literature_cases",
    "definitions",
    "estimators",
)
"""Tables of words: what numbers they have are names, dates and quotations."""


def test_every_cell_says_what_its_numbers_say(report: Json) -> None:
    seen = set()
    for place, cell in cells(report):
        if cell["count"] is None and cell["value"] is None:
            empty = not NUMBER.search(cell["text"]) or cell["text"].endswith("or more")
            assert empty or place.startswith(PROSE), place
            continue
        if cell["of"] == 0 or cell["text"] == "no patients":
            continue
        assert cell["text"].replace("+", "") == printed(cell), place
        seen.add(cell["method"])
    assert len(seen) >= 6


def test_the_page_prints_what_the_json_says(files: dict[str, bytes], report: Json) -> None:
    said = [" ".join(cell["text"].split()) for _, cell in cells(report)]
    assert CellsOf(files["report.html"].decode()).texts == said


class CellsOf(HTMLParser):
    """The texts of all cells of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "td":
            self.inside = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self.inside = False
            self.texts[-1] = " ".join(self.texts[-1].split())

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


WORDS = ("about", "literature", "methods", "limitations")
"""Sections whose sentences have constants, dates and quotations for numbers."""


def test_every_number_of_a_sentence_stands_in_a_table(report: Json) -> None:
    known = {number for _, cell in cells(report) for number in NUMBER.findall(cell["text"])}
    known |= {f"{number:,}" for _, cell in cells(report) for number in (cell["count"], cell["of"]) if number}
    for table in tables(report):
        known |= {number for row in table["rows"] for number in NUMBER.findall(row["head"])}
    for section in report["sections"]:
        if section["id"] in WORDS:
            continue
        for block in section["blocks"]:
            text = block["text"] if block["type"] == "paragraph" else block.get("alt", "")
            assert {*NUMBER.findall(text)} <= known | {"95"}, text  # the level of all intervals

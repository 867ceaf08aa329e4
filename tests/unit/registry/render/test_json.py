"""The JSON of a report: every number with what it rests on, and nothing of what is hidden."""

import json
from typing import Any

import pytest

from registry.domain.report.document import Cell, Document, Paragraph, Row
from registry.render.json import json_of
from tests.factories_report import a_figure, a_table, of_blocks


def read(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_of(document))
    return found


def test_the_head_of_the_report() -> None:
    found = read(of_blocks())
    assert found["title"] == "Malignant psoas syndrome: prospective study report"
    assert (found["number"], found["audience"], found["cutoff"]) == (12, "public", "2026-03-31")
    assert found["as_of"] == "2026-04-02T04:30:00+00:00"
    assert found["versions"]["opioid table"] == "CDC-2022"
    assert found["sections"] == [{"id": "results", "title": "Results", "blocks": []}]


def test_a_cell_has_its_numerator_denominator_interval_and_method() -> None:
    [table] = read(of_blocks(a_table()))["sections"][0]["blocks"]
    assert table["rows"][1]["cells"][0] == {
        "text": "9 (17 %)",
        "value": 9 / 52,
        "count": 9,
        "of": 52,
        "lo": 0.1,
        "hi": 0.9,
        "method": "Clopper-Pearson 95 %",
        "suppressed": None,
    }
    assert (table["type"], table["rows"][0]["cells"], table["rows"][1]["level"]) == ("table", [], 1)
    assert table["notes"] == ["Not evaluable counts as no response."]


def test_a_hidden_cell_says_why_and_nothing_else() -> None:
    [table] = read(of_blocks(a_table()))["sections"][0]["blocks"]
    hidden = table["rows"][2]["cells"][1]
    assert hidden.pop("text") == "suppressed"
    assert hidden.pop("suppressed") == "1 to 4, or would tell such a number"
    assert set(hidden.values()) == {None}


def test_a_figure_has_its_data_words_and_numbers() -> None:
    figure = a_figure("bars")
    [found] = read(of_blocks(figure))["sections"][0]["blocks"]
    assert found["data"] == figure.data
    assert (found["alt"], found["kind"]) == (figure.alt, "bars")
    assert found["table"]["id"] == "f_bars_numbers"
    assert read(of_blocks(a_figure(table=None)))["sections"][0]["blocks"][0]["table"] is None


def test_text_stays_readable() -> None:
    assert "18–50 % <b>" in json_of(of_blocks(Paragraph("18–50 % <b>"))).decode()


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_of(of_blocks(a_table(columns=("n",), rows=(Row("x", (Cell("?", value=float("nan")),)),))))

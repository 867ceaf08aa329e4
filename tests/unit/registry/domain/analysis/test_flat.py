"""The list of a row is the row: as JSON, as columns, and through the bytes it is stored as."""

import orjson
import pytest

from registry.domain.analysis.flat import (
    OPEN_BLOCKING,
    ROW,
    SETTLED_ON,
    VERSION,
    as_json,
    as_text,
    flat,
    of_text,
)
from tests.factories_analysis import a_response, a_row, a_time, a_window, untreated

ROWS = (
    a_row(toxicity={"nausea": 2, "diarrhoea": 3}, mechanisms=("direct_extension", "nodal_extension")),
    untreated(os_onset=a_time(None, flags=("disputed_origin",)), completeness={"side": None, "onset": True}),
    a_row(response_systemic=a_response(None, M2=a_window(by_table={"CDC-2022": None, "ANZCA-2021": "PR"}))),
)


@pytest.mark.parametrize("row", ROWS, ids=["irradiated", "untreated", "both"])
def test_a_row_comes_back_out_of_its_list(row) -> None:
    stored = orjson.loads(orjson.dumps(flat(row)))
    assert as_json(stored) == row.as_json()
    assert stored == flat(row) == flat(row.as_json())
    assert len(stored) == len(ROW.slots)


def test_the_figures_stand_in_the_order_of_the_fields() -> None:
    figures = flat(a_row(open_blocking=("Q20",)))
    assert (figures[VERSION], figures[SETTLED_ON]) == (a_row().analysis_version, "2025-01-01")
    assert figures[OPEN_BLOCKING] == as_text(["Q20"]) == "['Q20']"
    assert figures[ROW.slots.index(("os_onset.exit",))] == 200


def test_equal_mappings_are_one_text() -> None:
    assert flat(a_row(toxicity={"a": 1, "b": 2})) == flat(a_row(toxicity={"b": 2, "a": 1}))


def test_json_of_another_version_is_refused() -> None:
    older = a_row().as_json()
    del older["scores"]
    with pytest.raises(KeyError):
        flat(older)


@pytest.mark.parametrize(
    "value",
    [["PP", None, 1, True, {"a": []}], ["it's"], ['say "no"'], ["'\""], ["\\"], [1, None], {}],
    ids=str,
)
def test_a_text_is_read_as_it_was_written_whatever_quotes_are_in_it(value) -> None:
    assert of_text(as_text(value)) == value


def test_a_list_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        as_json(flat(a_row())[:-1])

"""SPSS, Stata and transport files, read by another program's reader (ReadStat)."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.dta import write_dta
from registry.formats.sav import write_sav
from registry.formats.table import Column, Table
from registry.formats.xpt import ibm, plain_ascii, write_xpt

MADE = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - files have no zone
COLUMNS = (
    Column("age", "Age in years", "integer"),
    Column("dose_gy", "Dosis", "number"),
    Column("onset", "Onset", "date"),
    Column("note", "Note"),
    Column("sex", "Sex", "code", (("f", "Female"), ("m", ""))),
    Column("alive", "Alive", "flag"),
    Column("walk", "Walking", "integer", (("0", "Bedbound"), ("4", "Free"))),
)
ROWS: list[list[Any]] = [
    [61, 22.5, "2024-02-29", "Grüße", "f", True, 4],
    [None] * 7,
    [-3, -0.1, "1899-12-31", "'=1", "m", False, 0],
    [2**30, 1e-30, "2026-01-01", "", "f", None, None],
]
READ = {
    "age": [61, None, -3, 2**30],
    "dose_gy": [22.5, None, -0.1, 1e-30],
    "onset": [date(2024, 2, 29), None, date(1899, 12, 31), date(2026, 1, 1)],
    "note": ["Grüße", "", "'=1", ""],
    "sex": [1, None, 2, 1],
    "alive": [1, None, 0, None],
    "walk": [4, None, 0, None],
}


def table(columns: tuple[Column, ...], rows: list[list[Any]], name: str = "DEMO") -> Table:
    made = Table(name, "A table", columns)
    for row in rows:
        made.add(row)
    return made


def read(path: Path, made: Table, write: Callable[..., None]) -> tuple[dict[str, list[Any]], Any]:
    reader = {
        ".sav": pyreadstat.read_sav,
        ".dta": pyreadstat.read_dta,
        ".xpt": pyreadstat.read_xport,
    }[path.suffix]
    with path.open("w+b") as out:
        write(made, out, MADE)
    found, about = reader(str(path), output_format="dict")
    return dict(found), about


@pytest.mark.parametrize(("suffix", "write"), [("sav", write_sav), ("dta", write_dta)])
def test_values_and_labels_arrive(tmp_path: Path, suffix: str, write: Callable[..., None]) -> None:
    found, about = read(tmp_path / f"demo.{suffix}", table(COLUMNS, ROWS), write)
    assert found == READ
    assert about.number_rows == 4
    assert about.file_label == "A table"
    assert about.column_names_to_labels == {column.name: column.label for column in COLUMNS}
    assert about.variable_value_labels == {
        "sex": {1: "Female", 2: "m"},
        "alive": {0: "no", 1: "yes"},
        "walk": {0: "Bedbound", 4: "Free"},
    }
    assert about.creation_time.date() == date(2026, 1, 2)


@pytest.mark.parametrize(("suffix", "write"), [("sav", write_sav), ("dta", write_dta)])
@pytest.mark.parametrize("length", [1, 8, 9, 252, 255, 256, 504, 505, 703, 2045])
def test_long_texts_are_whole(tmp_path: Path, suffix: str, write: Callable[..., None], length: int) -> None:
    text = "".join(chr(97 + i % 26) for i in range(length))
    columns = (Column("before", "", "integer"), Column("text", ""), Column("after", "", "integer"))
    found, _ = read(tmp_path / f"long.{suffix}", table(columns, [[1, text, 2], [3, None, 4]]), write)
    assert found == {"before": [1, 3], "text": [text, ""], "after": [2, 4]}


@pytest.mark.parametrize(("suffix", "write"), [("sav", write_sav), ("dta", write_dta), ("xpt", write_xpt)])
def test_a_table_without_rows_keeps_its_columns(
    tmp_path: Path, suffix: str, write: Callable[..., None]
) -> None:
    found, about = read(tmp_path / f"none.{suffix}", table(COLUMNS[:4], []), write)
    assert list(found) == [column.name for column in COLUMNS[:4]]
    assert list(about.column_names_to_labels.values()) == [column.label for column in COLUMNS[:4]]


def test_a_transport_file_has_days_of_sas_and_plain_ascii(tmp_path: Path) -> None:
    found, about = read(tmp_path / "demo.xpt", table(COLUMNS[:4], [row[:4] for row in ROWS]), write_xpt)
    assert found == {name: READ[name] for name in ("age", "dose_gy", "onset")} | {
        "note": ["Grusse", "", "'=1", ""]
    }
    assert (about.table_name, about.file_label) == ("DEMO", "A table")
    assert about.original_variable_types["onset"] == "DATE9"
    assert (tmp_path / "demo.xpt").stat().st_size % 80 == 0


@pytest.mark.parametrize("column", [Column("nine_long", ""), Column("ok", "x" * 41)])
def test_a_transport_file_refuses_long_names_and_labels(tmp_path: Path, column: Column) -> None:
    with pytest.raises(ValueError, match="at most 8 characters"):
        read(tmp_path / "long.xpt", table((column,), []), write_xpt)


@given(st.floats(min_value=-1e70, max_value=1e70).filter(lambda x: x == 0 or abs(x) > 1e-70))
def test_ibm_doubles_hold_every_bit(value: float) -> None:
    encoded = int.from_bytes(ibm(value), "big")
    fraction = (encoded & (1 << 56) - 1) / (1 << 56)
    found = fraction * 16.0 ** ((encoded >> 56 & 0x7F) - 64) * (-1 if encoded >> 63 else 1)
    assert found == value


def test_what_ascii_does_not_know_is_written_plainly() -> None:
    assert plain_ascii("Grüße – “≥ 3 µg”") == 'Grusse - ">= 3 ug"'
    assert plain_ascii("疼痛") == "??"


def test_shuffled_rows_come_in_the_order_of_their_keys_and_change_last() -> None:
    made = Table("t", "", (Column("a", "", "integer"),), shuffled=True)
    for number, key in ((1, 2**63), (2, 5), (3, 5), (4, 0)):
        made.add([number], key)
    made.last = lambda row: [row[0] * 10]
    assert list(made.rows()) == list(made.rows()) == [[40], [20], [30], [10]]

"""Cells: from the text in one cell of a table to one plain JSON value, and back.

What can be read without guessing is read; what cannot is either refused here with the remedy (a date that has two
readings) or passed on as text, so that the registry's own check names the place and the permitted values.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from registry.domain.forms.form import NULL_REASONS
from registry.formats.columns import Column, Occupied, Steps, group_of, put
from registry.spreadsheet import plain, safe

DateOrder = Literal["", "DMY", "MDY", "YMD"]


class Unclear(ValueError):
    """A cell that cannot be read: rule or code, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Missing:
    """A cell that says why there is no value: ``!not_asked``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Empty:
    """A cell that says that its group has nothing in it (``{}``), or that a repeated group has no member (``[]``)."""

    value: dict[str, Any] | list[Any]


@dataclass(frozen=True, slots=True)
class Style:
    """How the cells of a file or column are written.

    decimal_comma  1,5 is one and a half
    order          order of day, month and year in dates that are not written year first; empty when not declared
    """

    decimal_comma: bool = False
    order: DateOrder = ""


PLAIN = Style()

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"([+-]?\d{1,15})(?:\.0*)?", re.ASCII)
_NO_VALUE = frozenset({"N/A", "n/a", "NULL", "null", "NaN", "nan", "#N/A"})
_SHEET_ERROR = re.compile(r"#(REF|VALUE|NAME|DIV/0|NUM|NULL)[!?]")
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", re.ASCII)
_SERIAL = re.compile(r"[1-9]\d{4}(\.\d+)?", re.ASCII)


def read_cell(text: str, column: Column, style: Style = PLAIN) -> Any:
    """The value in a cell of our own tables that is not empty: JSON, ``Missing`` or ``Empty``. Raises ``Unclear``.

    ``text`` comes without blanks around it. After a backslash the rest of a text is taken as it stands. An apostrophe
    by which a text was made safe for spreadsheets is taken away.
    """
    if text[0] == "\\" and column.kind == "text" and not column.many:
        return text[1:]
    if text[0] == "!":
        return _missing(text[1:])
    text = plain(text)
    if (text == "{}" and "." in column.path) or (text == "[]" and "[]" in column.path and not column.many):
        return Empty({} if text == "{}" else [])
    return read_foreign(text, column, style)


def read_text(text: str) -> str:
    """The text of a cell of our own tables that can hold nothing but a text."""
    return text[1:] if text.startswith("\\") else plain(text)


def read_foreign(text: str, column: Column, style: Style = PLAIN) -> Any:
    """The value in a cell of anybody's table: nothing in it has a meaning of ours. Raises ``Unclear``."""
    if is_formula(text):
        raise Unclear(
            "formula",
            "begins like a formula of a spreadsheet, which is never taken; send the value, "
            "or put a backslash before a text that must begin so",
        )
    if text in _NO_VALUE or _SHEET_ERROR.match(text):
        raise Unclear("not_a_value", f"holds no value; leave it empty, or say why: {_reasons()}")
    if column.many:
        return [read_value(part, column, style) for part in _parts(text)]
    return read_value(text, column, style)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text: it begins with = or @, or with a sign and then calls something."""
    return text[0] in "=@＝＠\t\r" or (text[0] in "+-＋－" and bool(re.search(r"[|!(]", text)))


def _missing(reason: str) -> Missing:
    if reason not in NULL_REASONS:
        raise Unclear("unknown_reason", f"has a reason that does not exist; {_reasons()}")
    return Missing(reason)


def _reasons() -> str:
    return "write " + ", ".join(f"!{reason}" for reason in NULL_REASONS)


def _parts(text: str) -> list[Any]:
    """The members of a list: a JSON array, or separated by semicolons."""
    if not text.startswith("["):
        return [part for part in (one.strip() for one in text.split(";")) if part]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or any(isinstance(one, list | dict) for one in found):
        raise Unclear(
            "wrong_list", 'is no list: write values with ; between them, [] for none, or ["a", "b"]'
        )
    return found


def read_value(text: Any, column: Column, style: Style = PLAIN) -> Any:
    """One value, without the marks that only our own tables have. Raises ``Unclear``."""
    if not isinstance(text, str):  # from a JSON array
        return text
    match column.kind:
        case "integer" | "number":
            return number(text, whole=column.kind == "integer", decimal_comma=style.decimal_comma)
        case "boolean":
            return _TRUTH.get(text.casefold(), text)
        case "partial date" | "exact date":
            return iso_date(text, style.order)
        case _:
            return text


def number(text: str, *, whole: bool, decimal_comma: bool) -> int | float | str:
    """The number, or the text where it is none: the check of the form then says what is expected."""
    if "," in text and _COMMA_NUMBER.fullmatch(text):
        if not decimal_comma:
            raise Unclear(
                "decimal_comma",
                "has a decimal comma, but commas separate the columns or group thousands here; "
                "write 1.5, or separate the columns with semicolons or tabs",
            )
        text = text.replace(",", ".")
    if found := _WHOLE.fullmatch(text):
        return int(found[1]) or (-0.0 if text[0] == "-" and not whole else 0)
    if whole or not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    return value if abs(value) != float("inf") else text


def iso_date(text: str, order: DateOrder) -> str:
    """The date year first. Raises ``Unclear`` where day and month could be told apart only by guessing."""
    text = _MIDNIGHT.sub("", text)
    if found := _YEAR_FIRST.fullmatch(text):
        return "-".join(part.zfill(2) for part in (found[1], found[3], found[4]) if part)
    if found := _MONTH_YEAR.fullmatch(text):
        return f"{found[2]}-{found[1].zfill(2)}"
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = found[1].zfill(2), found[3].zfill(2), found[4]
        if order == "DMY":
            return f"{year}-{second}-{first}"
        if order == "MDY":
            return f"{year}-{first}-{second}"
        raise Unclear(
            "E06",
            "day and month can be told apart only by guessing; write YYYY-MM-DD, or declare the order in the "
            "heading, such as `death_date (DD-MM-YYYY)`",
        )
    if _SHORT_YEAR.fullmatch(text):
        raise Unclear("E06", "the year has two digits; write YYYY-MM-DD")
    if _SERIAL.fullmatch(text):
        raise Unclear(
            "E06", "this is the day number of a spreadsheet; format the column as text or as YYYY-MM-DD"
        )
    return text


def place(record: dict[Any, Any], column: Column, steps: Steps, value: Any) -> None:
    """Put what ``read_cell`` read at its place in a record. Raises ``Unclear`` for a group that is empty and is not."""
    if isinstance(value, Missing):
        put(record, ("missing", column.top), value.reason)
        return
    empty = isinstance(value, Empty)
    if empty:
        steps = group_of(steps) if value.value == [] else steps[:-1]
    try:
        put(record, steps, value.value if empty else value)
    except Occupied:
        raise Unclear(
            "contradiction", "the group is said to be empty, and has a value; send one of them"
        ) from None


def write_cell(value: Any) -> str:
    """The cell from which ``read_cell`` reads the value again; empty for None."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return _write_list(value)
        case str():
            return f"\\{value}" if _needs_escape(value) else value
        case _:
            return str(value)


def _needs_escape(text: str) -> bool:
    return (
        text != text.strip()
        or text in ("", "{}", "[]")
        or text[0] in "\\!"
        or plain(text) != text
        or safe(text) != text
        or text in _NO_VALUE
        or _SHEET_ERROR.match(text) is not None
    )


def _write_list(values: list[Any]) -> str:
    texts = [write_cell(value) for value in values]
    plain = all(
        text and text == text.strip() and ";" not in text and text[0] not in "\\![" and text not in _NO_VALUE
        for text in texts
    )
    return ";".join(texts) if texts and plain else json.dumps(values, ensure_ascii=False)

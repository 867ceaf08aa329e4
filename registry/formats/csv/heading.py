"""The heading of a table: which column speaks of which variable, and of which form the table is."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from registry.domain.forms import FORMS_BY_NAME
from registry.errors import BadRequest
from registry.formats.cells import DateOrder, Style
from registry.formats.columns import MAX_REPEATS, Column, Steps, column_of, columns

ENVELOPE = ("case", "recorded_at", "reason")
ERRORS = "errors"
"""Column that is added when a file is given back, and passed over when it is sent again."""

WIDE = "wide"

_ORDERS: dict[str, DateOrder] = {
    "DD-MM-YYYY": "DMY",
    "DD/MM/YYYY": "DMY",
    "DD.MM.YYYY": "DMY",
    "MM-DD-YYYY": "MDY",
    "MM/DD/YYYY": "MDY",
    "YYYY-MM-DD": "YMD",
    "YYYY/MM/DD": "YMD",
}
_DECLARED = re.compile(r"(?P<name>\S+)\s*\((?P<order>[^)]*)\)")
_WIDE_PART = re.compile(r"(?P<form>[a-z_]+)(?:\[(?P<number>\d{1,3})\])?\.(?P<rest>.+)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the cells of one column go.

    form, number  the record: the form, and which record of it in a wide row (counted from 0)
    steps         the steps to the value inside the record
    """

    form: str
    number: int
    column: Column
    steps: Steps
    style: Style


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was understood.

    cells     the columns as they were written
    form      the form whose records the rows are, or ``wide``
    envelope  position of each column of the envelope
    targets   position of each column of a variable
    """

    cells: list[str]
    form: str
    envelope: dict[str, int]
    targets: list[tuple[int, Target]]

    def named(self, pointer: str) -> str:
        """The column that a JSON pointer into the envelope speaks of, as the heading writes it."""
        for index, target in self.targets:
            steps = "".join(f"/{step}" for step in target.steps)
            place = f"/forms/{target.form}"
            if pointer.startswith(f"{place}/") and pointer.endswith((steps, f"/missing/{target.column.top}")):
                number = re.match(r"/(\d+)/", pointer.removeprefix(place))
                if number is None or int(number[1]) == target.number:
                    return self.cells[index]
        return pointer.removeprefix("/") if pointer.count("/") == 1 else ""


def read_heading(cells: list[str], style: Style, form: str | None) -> Heading:
    """The heading; ``form`` where the sender named it. Raises ``BadRequest`` that names what is not known."""
    names = [cell.strip() for cell in cells]
    _refuse_twice([name for name in names if name])
    envelope = {name: index for index, name in enumerate(names) if name in ENVELOPE}
    rest = [
        (index, name)
        for index, name in enumerate(names)
        if name and name not in (*ENVELOPE, ERRORS) and not name.startswith("#")
    ]
    if "case" not in envelope:
        raise BadRequest(
            "the heading has no column `case`; `mps dictionary --format csv-template --form NAME` prints the "
            "columns of each form",
            code="no_case_column",
        )
    plain = [(index, *_declared(name, style)) for index, name in rest]
    form = form or _form_of([name for _, name, _ in plain])
    targets = [(index, _target(form, name, shown)) for index, name, shown in plain]
    unknown = [cells[index] for index, target in targets if target is None]
    if unknown:
        raise BadRequest(_unknown(form, unknown), code="unknown_column")
    return Heading(cells, form, envelope, [(index, target) for index, target in targets if target])


def _refuse_twice(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise BadRequest(f"the column `{name[:60]}` stands twice in the heading", code="duplicate_column")


def _declared(name: str, style: Style) -> tuple[str, Style]:
    """The name of a column without the order of dates that it declares, and the style of its cells."""
    found = _DECLARED.fullmatch(name)
    if found is None:
        return name, style
    order = _ORDERS.get(found["order"].strip().upper())
    if order is None:
        known = ", ".join(_ORDERS)
        raise BadRequest(
            f"the column `{name[:60]}` declares no known order of dates: {known}", code="date_order"
        )
    return found["name"], replace(style, order=order)


def _form_of(names: list[str]) -> str:
    """The one form that has all these columns, or ``wide`` when they name their forms themselves."""
    if names and all(_wide_target(name, Style()) for name in names):
        return WIDE
    fitting = [form for form in FORMS_BY_NAME if all(column_of(form, name) for name in names)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting and names:
        raise BadRequest(
            f"the columns fit several forms; say which with `form`: {', '.join(fitting)}", code="which_form"
        )
    counts = {form: sum(1 for name in names if column_of(form, name)) for form in FORMS_BY_NAME}
    nearest = max(counts, key=lambda form: counts[form])
    wide = sum(1 for name in names if _wide_target(name, Style()))
    if max(counts[nearest], wide) == 0:
        raise BadRequest(
            "no column is one of a form; `mps dictionary --format csv-template --form NAME` prints the columns",
            code="no_known_column",
        )
    return WIDE if wide > counts[nearest] else nearest


def _target(form: str, name: str, style: Style) -> Target | None:
    if form == WIDE:
        return _wide_target(name, style)
    found = column_of(form, name)
    return Target(form, 0, found[0], found[1], style) if found else None


def _wide_target(name: str, style: Style) -> Target | None:
    part = _WIDE_PART.fullmatch(name)
    form = FORMS_BY_NAME.get(part["form"]) if part else None
    if part is None or form is None or (part["number"] and not form.KEY):
        return None
    number = int(part["number"] or 1)
    found = column_of(form.NAME, part["rest"])
    if found is None or not 1 <= number <= MAX_REPEATS:
        return None
    return Target(form.NAME, number - 1, found[0], found[1], style)


def _unknown(form: str, names: list[str]) -> str:
    known = list(_known(form))
    said = []
    for name in names[:10]:
        near = difflib.get_close_matches(re.sub(r"\[\d+\]", "[1]", name), known, n=1)
        said.append(f"`{name[:60]}`" + (f" (did you mean `{near[0]}`?)" if near else ""))
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    what = "a wide table has" if form == WIDE else f"the form {form} has"
    return (
        f"{what} no column {', '.join(said)}{more}; rename or remove them, or put # before the heading of a column "
        "that is not to be read"
    )


def _known(form: str) -> Iterator[str]:
    for name in FORMS_BY_NAME if form == WIDE else (form,):
        prefix = f"{name}{'[1]' if FORMS_BY_NAME[name].KEY else ''}." if form == WIDE else ""
        yield from (prefix + path.replace("[]", "[1]") for path in columns(name))

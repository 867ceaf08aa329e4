"""Our forms as a REDCap data dictionary: a hospital that loads it needs no mapping.

A CSV of exactly 18 columns, as REDCap writes and reads it. Every form is an instrument; those that repeat in our
dictionary are to be marked as repeating instruments in the project. A missing value is said by the project's missing
data codes (``missing_not_asked`` and so on), which are to be set up in the project.
"""

import csv
import io
from collections.abc import Iterator

from registry.domain.dictionary import variables
from registry.domain.forms import FORMS
from registry.formats.columns import Column
from registry.formats.redcap.names import NONE_OF_THESE, RECORD, choice_code, fields, none_fields

COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)

_NOTES = {
    "partial date": "YYYY-MM-DD, YYYY-MM or YYYY: as precise as it is known",
    "exact date": "YYYY-MM-DD",
}
_VALIDATION = {"integer": "integer", "number": "number", "exact date": "date_ymd"}


def to_csv() -> str:
    """The data dictionary as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow(_row(RECORD, FORMS[0].NAME, "text", "The site's own pseudonym of the patient."))
    sections = {(v.form, v.path): v.description for v in variables() if v.kind in ("group", "code", "offset")}
    said: set[tuple[str, str]] = set()
    none = {(column.form, steps): name for name, (column, steps) in none_fields().items()}
    for name, (column, steps) in fields().items():
        if question := none.get((column.form, steps)):
            label = f"{sections[column.form, column.path.partition('[]')[0]]} There is none."
            writer.writerow(_row(question, column.form, "yesno", label))
        group = (column.form, column.path.rpartition(".")[0].removesuffix("[]"))
        header = "" if group in said else sections.get(group, "")
        said.add(group)
        writer.writerow(_field(name, column, header))
    return text.getvalue()


def _field(name: str, column: Column, header: str) -> tuple[str, ...]:
    variable = column.variable
    kind = _type(column)
    choices = _choices(column) if kind in ("radio", "dropdown", "checkbox") else ()
    checked = variable is not None and kind == "text" and not column.many
    lo = variable.lo if variable and checked and not variable.lo_open else None
    hi = variable.hi if variable and checked else None
    required = variable is not None and variable.requirement == "required" and "." not in column.path
    binding = variable.binding if variable else ""
    return _row(
        name,
        column.form,
        kind,
        column.meaning,
        header=header,
        choices=" | ".join(choices),
        note=_note(column),
        validation=_VALIDATION.get(column.kind, "") if kind == "text" and not column.many else "",
        lo="" if lo is None else f"{lo:g}",
        hi="" if hi is None else f"{hi:g}",
        required="y" if required else "",
        annotation=f"@LOINC='{binding.removeprefix('LOINC ')}'" if binding.startswith("LOINC ") else binding,
    )


def _type(column: Column) -> str:
    if column.kind == "boolean":
        return "yesno"
    if column.values:
        return "checkbox" if column.many else "radio" if len(column.values) <= 8 else "dropdown"
    return "notes" if column.variable is not None and column.variable.free_text else "text"


def _choices(column: Column) -> Iterator[str]:
    for value, meaning in column.values:
        label = (meaning or value.replace("_", " ")).replace("|", "/").replace("\n", " ")
        yield f"{choice_code(value)}, {label}"
    if column.many:
        yield f"{NONE_OF_THESE}, None of these"


def _note(column: Column) -> str:
    if column.kind in _NOTES:
        return _NOTES[column.kind]
    variable = column.variable
    if variable is None or column.values:
        return ""
    unit = f"in {variable.unit}" if variable.unit and variable.unit[0] not in "{1" else ""
    several = "several values with ; between them" if column.many else ""
    return "; ".join(part for part in (unit, variable.range, several) if part)


def _row(
    name: str,
    form: str,
    kind: str,
    label: str,
    *,
    header: str = "",
    choices: str = "",
    note: str = "",
    validation: str = "",
    lo: str = "",
    hi: str = "",
    required: str = "",
    annotation: str = "",
) -> tuple[str, ...]:
    """One row in the order of ``COLUMNS``."""
    start = (name, form, header, kind, label, choices, note, validation, lo, hi)
    return (*start, "", "", required, "", "", "", "", annotation)

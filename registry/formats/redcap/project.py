"""The data dictionary of a foreign project: which fields have choices, and which of those the mapping leaves out."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry.domain.findings import Finding
from registry.errors import BadRequest
from registry.formats.item import note
from registry.formats.redcap.dictionary import COLUMNS
from registry.formats.redcap.flat import LABELS
from registry.formats.redcap.mapping import ProjectMap
from registry.formats.redcap.names import box

_API = {
    "field_name": COLUMNS[0],
    "field_type": COLUMNS[3],
    "select_choices_or_calculations": COLUMNS[5],
}
"""The names of the columns where the dictionary was exported through REDCap's API."""

CHOOSING = ("radio", "dropdown", "checkbox")


@dataclass(frozen=True, slots=True)
class Project:
    """A data dictionary.

    types    type of each field
    choices  codes of each field that has choices
    """

    types: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def refuse_combined_boxes(self, fields: Sequence[str]) -> None:
        """Raise ``BadRequest`` where an export has one column for all boxes of a checkbox."""
        for name, kind in self.types.items():
            if kind == "checkbox" and name in fields:
                raise BadRequest(f"`{name}` is a checkbox in one column: {LABELS}", code="label_export")

    def unmapped_choices(self, mapping: ProjectMap) -> list[Finding]:
        """Choices of mapped fields of which the mapping does not say what they mean."""
        found = []
        for filled in (filled for one in mapping.records for filled in one.filled):
            source, said = filled.source, filled.source.values
            codes = self.choices.get(source.field, ())
            if not codes:
                continue
            if source.checkbox:
                boxes = {box(source.field, code) for code in said or {}}
                absent = [code for code in codes if box(source.field, code) not in boxes]
            elif said is not None or filled.column.kind == "choice":
                absent = [code for code in codes if code not in (said or dict(filled.column.values))]
            else:
                continue
            if absent:
                text = f"the choices {', '.join(absent[:50])} of `{source.field}` are mapped to nothing"
                found.append(note("unmapped_choices", text))
        return found


def read_project(text: str | None) -> Project:
    """The data dictionary in a CSV, with the headings of a download or of the API; None: nothing is known of it."""
    if text is None:
        return Project()
    try:
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True))
    except csv.Error:
        rows = []
    rows = [{_API.get(name or "", name): value or "" for name, value in row.items()} for row in rows]
    if not rows or not {COLUMNS[0], COLUMNS[3], COLUMNS[5]} <= set(rows[0]):
        raise BadRequest("this is no REDCap data dictionary; download it as CSV", code="not_a_dictionary")
    return Project(
        {row[COLUMNS[0]]: row[COLUMNS[3]] for row in rows},
        {row[COLUMNS[0]]: _codes(row[COLUMNS[5]]) for row in rows if row[COLUMNS[3]] in CHOOSING},
    )


def _codes(choices: str) -> tuple[str, ...]:
    return tuple(one.partition(",")[0].strip() for one in choices.split("|") if one.strip())

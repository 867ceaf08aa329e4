"""The dictionary for programs: one CSV row per variable."""

import csv
import io

from registry.domain import dictionary
from registry.spreadsheet import safe

COLUMNS = (
    "form",
    "variable",
    "type",
    "unit",
    "range",
    "permitted_values",
    "binding",
    "natural_key",
    "requirement",
    "expected_when",
    "default",
    "free_text",
    "rule",
    "description",
)


def to_csv() -> str:
    """The codebook as CSV with a header row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in dictionary.variables():
        values = "; ".join(f"{value} = {meaning}" if meaning else value for value, meaning in row.values)
        writer.writerow(
            safe(cell)
            for cell in (
                row.form,
                row.path,
                row.type,
                row.unit,
                row.range,
                values,
                row.binding,
                "yes" if row.key else "",
                row.requirement,
                row.when,
                row.default,
                "yes" if row.free_text else "",
                row.rule,
                row.description,
            )
        )
    return text.getvalue()

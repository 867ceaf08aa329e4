"""The script that reads the CSV files into base R: types, factors with their levels, and labels as attributes."""

from collections.abc import Iterable, Sequence

from registry.formats.table import Column

_HEAD = """\
# Read this folder into R: one data frame per table, in the list `mps`. Base R only.
# Factors have the values as levels; the attribute "label" of a column says what it is, "meaning" what its levels mean.
# Usage: source("load.R", chdir = TRUE); str(mps$cases)

read_table <- function(file, classes) {
  frame <- utils::read.csv(file, colClasses = classes, na.strings = "", fileEncoding = "UTF-8", check.names = FALSE)
  for (name in names(classes)[classes == "character"]) # the apostrophe that keeps a spreadsheet from calculating
    frame[[name]] <- sub("^'('*[-=+@\\uff1d\\uff0b\\uff0d\\uff20\\t\\r\\n])", "\\\\1", frame[[name]])
  frame
}
coded <- function(column, levels, meanings) {
  column <- factor(column, levels = levels)
  attr(column, "meaning") <- stats::setNames(meanings, levels)
  column
}
labelled <- function(column, label, unit = NULL) {
  attr(column, "label") <- label
  if (!is.null(unit)) attr(column, "unit") <- unit
  column
}

mps <- list()
"""

_CLASS = {
    "integer": "integer",
    "number": "numeric",
    "date": "Date",
    "flag": "logical",
    "code": "character",
    "text": "character",
}


def r_script(tables: Iterable[tuple[str, str, Sequence[Column]]]) -> str:
    """The script for these tables: name, label, columns."""
    return _HEAD + "".join(_table(name, label, columns) for name, label, columns in tables)


def _table(name: str, label: str, columns: Sequence[Column]) -> str:
    classes = ",\n".join(f"  {column.name} = {_quoted(_CLASS[column.kind])}" for column in columns)
    lines = [
        f"\n# {label}",
        f"mps[[{_quoted(name)}]] <- read_table({_quoted(name + '.csv')}, c(\n{classes}\n))",
    ]
    for column in columns:
        place = f"mps[[{_quoted(name)}]]${column.name}"
        if column.kind == "code":
            levels = ", ".join(_quoted(value) for value, _ in column.values)
            meanings = ", ".join(_quoted(label) for _, label in column.labels)
            lines.append(f"{place} <- coded({place}, c({levels}), c({meanings}))")
        unit = f", {_quoted(column.unit)}" if column.unit else ""
        lines.append(f"{place} <- labelled({place}, {_quoted(column.label)}{unit})")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isascii() else f"\\u{{{ord(c):x}}}" for c in escaped) + '"'

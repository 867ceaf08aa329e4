"""Save the tables of a data set: as CSV, as SPSS or Stata files, or as CSV with a script for R; always with a codebook."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from registry.formats.analysis.dataset import fill
from registry.formats.analysis.r_script import r_script
from registry.formats.dta import write_dta
from registry.formats.exported import About, ExportedCase
from registry.formats.folder import Folder
from registry.formats.sav import write_sav
from registry.formats.table import Column, Table
from registry.spreadsheet import safe

_FLAGS = ("false", "true")
CODEBOOK = ("table", "variable", "label", "type", "unit", "values", "source")


def write_csv(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """One CSV per table, UTF-8, safe to open in a spreadsheet."""
    for table in _filled(cases, about, folder):
        _save_csv(table, folder)


def write_spss(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """One SPSS file per table."""
    for table in _filled(cases, about, folder):
        with folder.file(f"{table.name}.sav") as out:
            write_sav(table, out, about.as_of)


def write_stata(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """One Stata file per table."""
    for table in _filled(cases, about, folder):
        with folder.file(f"{table.name}.dta") as out:
            write_dta(table, out, about.as_of)


def write_r(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """One CSV per table, and ``load.R``, which reads and labels them in base R."""
    tables = []
    for table in _filled(cases, about, folder):
        _save_csv(table, folder)
        tables.append((table.name, table.label, table.columns))
    folder.write("load.R", r_script(tables).encode())


def _filled(cases: Iterable[ExportedCase], about: About, folder: Folder) -> Iterable[Table]:
    """The tables one after the other; each is given up when the next is asked for. The codebook comes first."""
    tables = fill(cases, about.profile, about.threshold)
    folder.write("codebook.csv", _codebook(tables))
    for table in tables:
        yield table
        table.close()


def _save_csv(table: Table, folder: Folder) -> None:
    with folder.file(f"{table.name}.csv") as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(column.name for column in table.columns)
        writer.writerows([_cell(value) for value in row] for row in table.rows())
        text.flush()
        text.detach()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    return _FLAGS[value] if isinstance(value, bool) else value


def _codebook(tables: Iterable[Table]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CODEBOOK)
    for table in tables:
        for column in table.columns:
            row = (
                table.name,
                column.name,
                column.label,
                column.kind,
                column.unit,
                _values(column),
                column.source,
            )
            writer.writerow([safe(cell) for cell in row])
    return text.getvalue().encode()


def _values(column: Column) -> str:
    named = zip(column.values, column.labels, strict=True) if column.kind == "code" else ()
    coded = "; ".join(f"{value} ({number}) = {label}" for (value, _), (number, label) in named)
    if coded or not column.values:
        return coded
    return "; ".join(f"{number} = {label}" for number, label in column.labels)

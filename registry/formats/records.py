"""Records as CSV, one table per form, as the registry takes them in: sent back, a case is the same case.

Headings name their form (``pain_assessment.nrs_worst``), so a table says by itself what it is. Only columns that have a
value somewhere are there; the rows wait on disk until it is known which.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import BinaryIO

import orjson

from registry.domain.case import Version
from registry.domain.forms import FORMS
from registry.formats.cells import write_cell
from registry.formats.csv.heading import ENVELOPE
from registry.formats.csv.writer import cells_of, in_order
from registry.formats.exported import About, ExportedCase
from registry.formats.folder import Folder


class _Rows:
    """The rows of one form."""

    def __init__(self) -> None:
        self.headings: set[str] = set()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`

    def add(self, case: str, version: Version) -> None:
        """Take in the current version of a record."""
        cells = cells_of(version)
        self.headings.update(cells)
        row = [case, version.recorded_at.isoformat(), write_cell(version.reason), cells]
        self._file.write(orjson.dumps(row) + b"\n")

    def save(self, form: str, out: BinaryIO) -> None:
        """Write the table."""
        headings = list(in_order(form, self.headings))
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        writer = csv.writer(text)
        writer.writerow((*ENVELOPE, *(f"{form}.{heading}" for heading in headings)))
        writer.writerows(self._filled(headings))
        text.flush()
        text.detach()

    def _filled(self, headings: list[str]) -> Iterator[list[str]]:
        self._file.seek(0)
        for line in self._file:
            *envelope, cells = orjson.loads(line)
            yield [*envelope, *(cells.get(heading, "") for heading in headings)]

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    __del__ = close


def write_records(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """``SITE/FORM.csv`` for each form that has a record: a file is of one site, as it is when it is sent."""
    for site, mine in groupby(cases, key=lambda case: case.site):
        _write_site(site, mine, folder)


def _write_site(site: str, cases: Iterable[ExportedCase], folder: Folder) -> None:
    rows = {form.NAME: _Rows() for form in FORMS}
    for case in cases:
        for version in case.case.current.values():
            rows[version.form].add(case.pseudonym, version)
    for form, mine in rows.items():
        if mine.headings:
            with folder.file(f"{site}/{form}.csv") as out:
                mine.save(form, out)
        mine.close()

"""Fill the CDISC data sets from the cases, and write each as Dataset-JSON and as a transport file, with one Define-XML."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from registry.formats.cdisc import adam, sdtm
from registry.formats.cdisc.subject import STUDY, Subject
from registry.formats.cdisc.supplemental import qualifiers, supplemental
from registry.formats.cdisc.variable import DataSet, Values
from registry.formats.dataset_json import write_dataset_json
from registry.formats.define_xml import Standard, define_xml
from registry.formats.exported import About, ExportedCase
from registry.formats.folder import Folder
from registry.formats.table import Table
from registry.formats.xpt import plain_ascii, write_xpt

SDTM = Standard("SDTMIG", "3.4", "2021-12-17", "SDTM")
ADAM = Standard("ADaMIG", "1.3", "2026-03-27", "ADaM")


def write_sdtm(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """The SDTM subset."""
    _write(cases, about, folder, sdtm.DATA_SETS, SDTM)


def write_adam(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """ADSL, ADTTE, ADRS and ADPAIN."""
    _write(cases, about, folder, adam.DATA_SETS, ADAM)


class Filled:
    """A data set with its rows so far, and the variables that had a value."""

    def __init__(self, data_set: DataSet) -> None:
        self.data_set = data_set
        self.table = Table(data_set.name, data_set.label, [one.column for one in data_set.variables])
        self._names = [one.name for one in data_set.variables]
        self._used: set[str] = set()

    def add(self, values: Values) -> None:
        """Append a row; texts become the ASCII of transport files, so that both file formats hold the same."""
        row = [_clean(values.get(name)) for name in self._names]
        self._used.update(name for name, value in zip(self._names, row, strict=True) if value is not None)
        self.table.add(row)

    def narrowed(self, without: frozenset[str] = frozenset()) -> DataSet:
        """The data set without the permissible variables that nobody had a value for."""
        kept = [
            one
            for one in self.data_set.variables
            if one.name not in without and (one.core != "Perm" or one.name in self._used)
        ]
        self.table.keep([one.name for one in kept])
        return replace(self.data_set, variables=tuple(kept))


def _write(
    cases: Iterable[ExportedCase],
    about: About,
    folder: Folder,
    data_sets: Sequence[DataSet],
    standard: Standard,
) -> None:
    filled = [Filled(one) for one in data_sets]
    more = {one.name: Filled(supplemental(one.name)) for one in data_sets}
    for case in cases:
        subject = Subject(case, about)
        if not subject.studied:
            continue
        for one in filled:
            for row in _numbered(one.data_set, subject):
                one.add(row)
                for qualifier in qualifiers(one.data_set.name, row):
                    more[one.data_set.name].add(qualifier)
    with_rows = [one for one in (*filled, *more.values()) if one.table.count]
    linked = any(one.data_set.name == "TR" for one in with_rows)
    unlinked = frozenset() if linked else frozenset({"TULNKID"})  # a link needs its other end
    described = []
    for one in with_rows:
        data_set = one.narrowed(unlinked)
        described.append((data_set, dict(zip(one.table.names, one.table.widths, strict=True))))
        _save(data_set, one.table, about, folder)
    folder.write("define.xml", define_xml(described, standard, about))


def _numbered(data_set: DataSet, subject: Subject) -> Iterator[dict[str, Any]]:
    """The rows of a subject in order of time, with identifiers and sequence numbers where the data set has them."""
    rows = [dict(row) for row in data_set.rows(subject)]
    if data_set.order:
        rows.sort(key=lambda row: row.get(data_set.order) or "")
        for number, row in enumerate(rows, 1):
            row |= {
                "STUDYID": STUDY,
                "DOMAIN": data_set.name,
                "USUBJID": subject.id,
                f"{data_set.name}SEQ": number,
            }
    yield from rows


def _save(data_set: DataSet, table: Table, about: About, folder: Folder) -> None:
    name = data_set.name.lower()
    with folder.file(f"{name}.json") as out:
        write_dataset_json(table, data_set, out, about)
    with folder.file(f"{name}.xpt") as out:
        write_xpt(table, out, about.as_of)
    table.close()


def _clean(value: Any) -> Any:
    return plain_ascii(value) or None if isinstance(value, str) else value

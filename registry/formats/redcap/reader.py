"""REDCap in: each row with something mapped becomes one submission, or is refused with its place."""

import dataclasses
import io
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson

from registry.domain.findings import Finding
from registry.errors import BadRequest
from registry.formats.cells import Style
from registry.formats.item import Incoming, Item, Options, item_of, note, refusal
from registry.formats.json import document
from registry.formats.redcap.entry import Entry, Export
from registry.formats.redcap.flat import read_flat
from registry.formats.redcap.mapping import ProjectMap, Recorded, own_mapping
from registry.formats.redcap.mapping_file import read_mapping
from registry.formats.redcap.names import SYSTEM
from registry.formats.redcap.odm import read_odm
from registry.formats.redcap.project import Project, read_project
from registry.formats.redcap.records import Seen, forms_of
from registry.formats.whole import read_whole


def read_csv(file: BinaryIO, options: Options) -> Incoming:
    """The submissions in a flat export. Raises ``BadRequest`` for the file as a whole."""
    mapping, project = _about(options)
    export = read_flat(file, options.charset, mapping.record if options.mapping else None)
    project.refuse_combined_boxes(export.fields)
    return _incoming(export, mapping, project, options)


def read_xml(file: BinaryIO, options: Options) -> Incoming:
    """The submissions in a project XML. Raises ``BadRequest`` for the file as a whole."""
    mapping, project = _about(options)
    return _incoming(read_odm(file), mapping, project, options)


def read_parcel(file: BinaryIO, options: Options) -> Incoming:
    """An export with its mapping and data dictionary in one JSON object: ``export``, ``mapping``, ``dictionary``."""
    body = read_whole(file, "send the export in parts, with the same mapping")
    parcel, problem = document(body, max_depth=1)
    if problem is not None:
        raise BadRequest(problem.message, code=problem.rule)
    known = {"export", "mapping", "dictionary"}
    if (
        not isinstance(parcel, dict)
        or not {"export"} <= set(parcel) <= known
        or not all(isinstance(part, str) for part in parcel.values())
    ):
        raise BadRequest(
            "send `export`, and where needed `mapping` and `dictionary`, each as text", code="parcel"
        )
    parts = dataclasses.replace(options, mapping=parcel.get("mapping"), dictionary=parcel.get("dictionary"))
    export = io.BytesIO(parcel["export"].encode("utf-8", "surrogatepass"))
    return (read_xml if parcel["export"].lstrip("\ufeff \r\n\t").startswith("<") else read_csv)(export, parts)


def _about(options: Options) -> tuple[ProjectMap, Project]:
    mapping = read_mapping(options.mapping) if options.mapping is not None else own_mapping()
    return mapping, read_project(options.dictionary)


def _incoming(export: Export, mapping: ProjectMap, project: Project, options: Options) -> Incoming:
    recorded_at = options.recorded_at or mapping.recorded_at
    if recorded_at is None and mapping.recorded is None:
        raise BadRequest(
            "a REDCap export does not say when it was recorded; send `recorded_at` with it: the time of the export, "
            "with its zone (2026-03-04T09:12:00+09:00)",
            code="no_recorded_at",
        )
    notes = project.unmapped_choices(mapping) + _absent(export, mapping if options.mapping else None)
    incoming = Incoming(iter(()), notes)
    options = dataclasses.replace(options, recorded_at=recorded_at)
    incoming.items = _items(export, mapping, options, incoming.notes)
    return incoming


def _absent(export: Export, mapping: ProjectMap | None) -> list[Finding]:
    """Fields that the mapping names and the export has not: perhaps the rights of the person who exported."""
    if mapping is None or not export.fields:
        return []
    there = set(export.fields) | {name.rpartition("___")[0] for name in export.fields}
    named = {filled.source.field for one in mapping.records for filled in one.filled if filled.source.field}
    absent = sorted(named - there)
    text = (
        f"the export has no field {', '.join(f'`{name}`' for name in absent[:50])}, which the mapping names"
    )
    return [note("absent_fields", text)] if absent else []


def _items(export: Export, mapping: ProjectMap, options: Options, notes: list[Finding]) -> Iterator[Item]:
    style, seen = Style(decimal_comma=True), Seen()  # REDCap never groups thousands: a comma is a decimal one
    known, found = _known(mapping), False
    for entry in export.entries:
        for name in entry.values:
            if not known(name):
                seen.unmapped[name] += 1
        item = _item(entry, mapping, options, style, seen)
        if item is not None:
            found = True
            yield item
        if seen.empty > MOST_EMPTY:
            raise _nothing_mapped(seen, options)
    if seen.empty and not found:
        raise _nothing_mapped(seen, options)
    notes.extend(seen.notes())


def _nothing_mapped(seen: Seen, options: Options) -> BadRequest:
    what = "is the mapping that of this project?"
    if options.mapping is None:
        what = "a project with another dictionary than ours comes with a mapping file"
    return BadRequest(f"{seen.empty} rows hold nothing that is mapped; {what}", code="nothing_mapped")


MOST_EMPTY = 200_000
"""Rows that become no submission: counted, because looking at one takes as long as at any other."""


class _known:
    """Whether a field is mapped, ignored, or REDCap's own; asked once for each name."""

    def __init__(self, mapping: ProjectMap) -> None:
        self.mapping = mapping
        self.fields = {filled.source.field for one in mapping.records for filled in one.filled}
        self.fields |= {*SYSTEM, mapping.record or "", mapping.recorded.field if mapping.recorded else ""}
        self.answers: dict[str, bool] = {}

    def __call__(self, name: str) -> bool:
        if name not in self.answers:
            base = name.partition("___")[0]
            own = name.endswith(("_complete", "_timestamp"))
            self.answers[name] = own or base in self.fields or self.mapping.ignores(base)
        return self.answers[name]


def _item(entry: Entry, mapping: ProjectMap, options: Options, style: Style, seen: Seen) -> Item | None:
    if entry.fault:
        return Item(entry.place, None, (entry.fault,))
    forms, problems = forms_of(entry, mapping, style, seen)
    if not forms and not problems:
        seen.empty += 1
        return None
    document: dict[str, object] = {"case": entry.record, "forms": forms, "reason": options.reason}
    document["recorded_at"] = options.recorded_at
    if mapping.recorded and (said := entry.values.get(mapping.recorded.field)):
        document["recorded_at"] = _zoned(said, mapping.recorded, problems)
    return item_of(entry.place, document, problems, _kept(entry, mapping))


def _zoned(text: str, recorded: Recorded, problems: list[Finding]) -> str:
    """The local time of the hospital with its offset from UTC."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(recorded.zone)).isoformat()
    except ZoneInfoNotFoundError:
        raise BadRequest(
            f"the time zone {recorded.zone[:40]} is not known; write Asia/Tokyo", code="mapping"
        ) from None
    except ValueError:
        message = f"`{recorded.field}` is no time; write YYYY-MM-DD HH:MM"
        problems.append(refusal("recorded_at", "/recorded_at", message))
        return text


def _kept(entry: Entry, mapping: ProjectMap) -> bytes:
    """What is kept of a refused row: what is mapped and nothing else, for the rest may name the patient."""
    fields = {filled.source.field for one in mapping.records for filled in one.filled}
    return orjson.dumps({k: v for k, v in entry.values.items() if k.partition("___")[0] in fields})

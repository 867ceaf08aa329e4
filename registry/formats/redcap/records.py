"""From a row of a project to the records that the mapping says are in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.domain.findings import Finding
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import required_names
from registry.formats import cells
from registry.formats.cells import Missing, Style, Unclear, read_cell, read_foreign
from registry.formats.columns import plain, put
from registry.formats.item import note, refusal
from registry.formats.redcap.entry import Entry
from registry.formats.redcap.flat import LABELS
from registry.formats.redcap.mapping import Filled, ProjectMap, RecordMap, Source
from registry.formats.redcap.names import box
from registry.formats.units import convert

NOT_COMPLETED = "[not completed]"
"""What an unfinished survey has for its time."""


@dataclass(slots=True)
class Seen:
    """What a mapping leaves out of an export, gathered row by row."""

    unmapped: Counter[str] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    empty: int = 0

    def notes(self) -> list[Finding]:
        """What the data manager should look at."""
        found = []
        if self.unmapped:
            names = ", ".join(f"`{name}` ({count})" for name, count in sorted(self.unmapped.items())[:100])
            text = f"these fields hold values and are not mapped: {names}; map them, or name them in `ignore`"
            found.append(note("unmapped_fields", text))
        for (name, code), count in sorted(self.codes.items())[:100]:
            text = f"the code {code[:40]} of `{name}` is mapped to nothing ({count} rows)"
            found.append(note("unmapped_code", text))
        if self.empty:
            found.append(note("rows_without_data", f"{self.empty} rows hold nothing that is mapped"))
        return found


def forms_of(
    entry: Entry, mapping: ProjectMap, style: Style, seen: Seen
) -> tuple[dict[str, Any], list[Finding]]:
    """The forms in a row as they are sent, and what is wrong with it."""
    forms: dict[str, Any] = {}
    problems: list[Finding] = []
    names = frozenset(entry.values) | {name.partition("___")[0] for name in entry.values}
    taker = _Taker(entry.values, names, mapping.missing or {}, style, seen, problems)
    for one in mapping.records:
        if (one.events and entry.event not in one.events) or (
            one.instrument is not None and one.instrument != entry.instrument
        ):
            continue
        number = len(forms.get(one.form, ())) if FORMS_BY_NAME[one.form].KEY else None
        record = taker.record(one, f"/forms/{one.form}" + ("" if number is None else f"/{number}"))
        if record is None:
            continue
        if number is None:
            forms.setdefault(one.form, {}).update(record)
        else:
            forms.setdefault(one.form, []).append(record)
    return forms, problems


@dataclass(slots=True)
class _Taker:
    """Takes the values of one row; ``names`` are the fields that have one."""

    values: Mapping[str, str]
    names: frozenset[str]
    missing: Mapping[str, str]
    style: Style
    seen: Seen
    problems: list[Finding]

    def record(self, one: RecordMap, place: str) -> dict[str, Any] | None:
        """The record; None when the row holds nothing of it."""
        if self.names.isdisjoint(one.fields):
            return None
        record: dict[str, Any] = {}
        held = False
        mine = (filled for filled in one.filled if filled.source.field in self.names)
        constants = (filled for filled in one.filled if not filled.source.field)
        for filled in (*mine, *constants):
            try:
                value = self._value(filled)
                if value is not None:
                    held = held or bool(filled.source.field)
                    cells.place(record, filled.column, filled.steps, value)
            except Unclear as unclear:
                held = True
                pointer = place + "".join(f"/{step}" for step in filled.steps)
                name = filled.source.field or filled.heading
                self.problems.append(refusal(unclear.code, pointer, f"`{name}`: {unclear}", one.form))
        if one.otherwise is not None:
            for name in required_names(FORMS_BY_NAME[one.form]):
                if name not in record and name not in record.get("missing", {}):
                    put(record, ("missing", name), one.otherwise)
        return plain(record) if held else None

    def _value(self, filled: Filled) -> Any:
        source = filled.source
        if not source.field:
            return read_cell(source.constant, filled.column, self.style) if source.constant else None
        if source.checkbox:
            return self._boxes(filled)
        text = self.values.get(source.field, "")
        if not text or text == NOT_COMPLETED:
            return None
        if text in self.missing:
            return Missing(self.missing[text])
        if source.values is not None:
            meant = self._meant(source, text)
            return read_cell(meant, filled.column) if meant else None
        value = read_foreign(text, filled.column, self.style)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return convert(value, source.factor)
        return value

    def _meant(self, source: Source, code: str) -> str:
        """What a code means in our tables; empty when the mapping leaves it out on purpose (``null``)."""
        meant = (source.values or {}).get(code)
        if meant is None:
            self.seen.codes[source.field, code] += 1
            text = f"the code {code[:40]} is mapped to nothing; add it to `values`, with null if it means nothing"
            raise Unclear("unmapped_code", text)
        return "" if meant in ("null", "~") else meant

    def _boxes(self, filled: Filled) -> Any:
        """The list of the ticked boxes; no box ticked says nothing."""
        source, found = filled.source, list[Any]()
        prefix = f"{source.field}___"
        codes = {box(source.field, code): code for code in source.values or {}}
        reasons = {box(source.field, code): reason for code, reason in self.missing.items()}
        for name, text in self.values.items():
            if not name.startswith(prefix) or text == "0":
                continue
            if text != "1":
                raise Unclear("label_export", LABELS)
            if name in reasons:
                return Missing(reasons[name])
            meant = self._meant(source, codes.get(name, name.removeprefix(prefix)))
            if meant == "[]":
                return []
            found += [read_cell(meant, filled.column)] if meant else []
        return [one for value in found for one in value] or None

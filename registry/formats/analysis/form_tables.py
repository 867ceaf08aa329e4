"""The tables of the forms: one row per current record, and one table more for each repeated group.

Read off the dictionary, so a variable that is added there is exported from its first day. A partial date has three
columns: as it was sent, the day of the analysis, and what was imputed. A choice of several has one column per value. The
hospitals' own words are left out: analysts work without them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from re import Pattern
from typing import Any

from registry.domain.case import Version
from registry.domain.dictionary import Variable, variables
from registry.domain.forms import FORMS, FORMS_BY_NAME
from registry.domain.forms.time import Offset
from registry.domain.outcomes.moment import Moment
from registry.domain.part import Part
from registry.formats.analysis.case_table import IMPUTED
from registry.formats.analysis.field import TOLD, Field, Sharing, short_name, told, values_of
from registry.formats.exported import ExportedCase
from registry.formats.table import Column

WORDS = frozenset({"text", "verbatim"})
"""Last steps of variables that hold the words of a source."""
SECRET = frozenset({"patient.linkage_token"})
"""What never leaves: by a token the same patient could be found in another registry."""
SAFE_TEXT = frozenset(
    {"primary_cancer.stage_group", "function.qol[].scale", "radiotherapy.target_volume.level_min",
     "radiotherapy.target_volume.level_max", "intervention.level", "consent.language"}
)  # fmt: skip
"""Texts in which no word of a person can stand. Every other text stays inside the registry."""
BIRTH = frozenset({"patient.birth", "patient.country"})
"""What safe harbour forbids or gives elsewhere: the year of birth of the oldest, a country of few cases."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a form's table is about: the case, the version, the number of its record, and a group's member."""

    case: ExportedCase
    version: Version
    number: int
    member: Part | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class FormTable:
    """The table of a form, or of one of its repeated groups (``group`` is then its path)."""

    form: str
    group: str
    name: str
    label: str
    fields: tuple[Field, ...]

    def rows(self, case: ExportedCase, versions: Sequence[Version]) -> Iterator[Row]:
        """What its rows are about in a case, given the current versions of the form in order of their keys."""
        for number, version in enumerate(versions, 1):
            if not self.group:
                yield Row(case, version, number)
                continue
            for place, member in enumerate(_step(version.content, self.group.split(".")) or (), 1):
                yield Row(case, version, number, member, place)


def form_tables() -> tuple[FormTable, ...]:
    """Every table, in reading order."""
    return tuple(_tables())


def _tables() -> Iterator[FormTable]:
    for form in FORMS:
        mine = [one for one in variables() if one.form == form.NAME]
        groups = [one.path for one in mine if one.kind == "group" and one.many]
        outside = [one for one in mine if "[]" not in one.path and one.kind != "group"]
        yield FormTable(
            form.NAME, "", form.NAME, form.TITLE, (*_head(form.NAME), *_fields(outside, ""), _missing())
        )
        for group in groups:
            inside = [one for one in mine if one.path.startswith(f"{group}[].")]
            fields = (*_member_head(), *_fields(inside, f"{group}[]."))
            name = short_name(f"{form.NAME}.{group}")
            yield FormTable(form.NAME, group, name, f"{form.TITLE}: {group}", fields)


def _head(form: str) -> Iterator[Field]:
    yield Field(Column("site", "Site", source="registry"), lambda row: row.case.site, "limited")
    yield Field(Column("case", "Case", source="registry id"), lambda row: row.case.registry_id)
    if FORMS_BY_NAME[form].KEY:
        number = Column("record", "Number of the record within case and form", "integer", source="registry")
        yield Field(number, lambda row: row.number)
        key = Column("record_key", "Natural key of the record", source=f"{form}: natural key")
        yield Field(key, lambda row: row.version.content.key, "internal")
    recorded = Column("recorded_at", "When the hospital recorded it (UTC)", source="submission")
    yield Field(recorded, lambda row: row.version.recorded_at.isoformat(), "internal")
    accepted = Column("accepted_at", "When the registry accepted it (UTC)", source="registry")
    yield Field(accepted, lambda row: row.case.came(row.version).at.isoformat(), "internal")


def _member_head() -> Iterator[Field]:
    yield Field(Column("site", "Site", source="registry"), lambda row: row.case.site, "limited")
    yield Field(Column("case", "Case", source="registry id"), lambda row: row.case.registry_id)
    number = Column("record", "Number of the record within case and form", "integer", source="registry")
    yield Field(number, lambda row: row.number)
    place = Column("member", "Number within the record", "integer", source="registry")
    yield Field(place, lambda row: row.place)


def _missing() -> Field:
    column = Column("missing", "Why variables are null: variable=reason", source="missing")
    return Field(
        column, lambda row: ";".join(f"{k}={v}" for k, v in sorted(row.version.content.missing.items()))
    )


def _fields(mine: Sequence[Variable], prefix: str) -> Iterator[Field]:
    for one in mine:
        name = f"{one.form}.{one.path}"
        if one.free_text or one.kind == "group" or name in SECRET or one.path.rpartition(".")[2] in WORDS:
            continue
        get = _getter(one.path.removeprefix(prefix), member=bool(prefix))
        yield from _of(one, one.path.removeprefix(prefix), get, _sharing(one, name))


def _sharing(one: Variable, name: str) -> Sharing:
    if name in BIRTH:
        return "limited"
    if one.kind == "text" and name not in SAFE_TEXT:
        return "internal"
    return "safe"


def _of(one: Variable, path: str, get: Callable[[Row], Any], sharing: Sharing) -> Iterator[Field]:
    source, name = f"{one.form}.{one.path}", short_name(path)
    label = one.description.rstrip(".")
    if one.many and one.values:
        for value, meaning in one.values:
            flag = Column(
                short_name(path, f"__{value}"),
                f"{meaning.rstrip('.') or value}: {label}",
                "flag",
                source=source,
            )
            yield Field(flag, _has(get, value), sharing)
        return
    if one.many:
        joined = Column(name, label, "text", unit=one.unit, source=source)
        yield Field(joined, lambda row: _join(get(row)), sharing)
        return
    match one.kind:
        case "partial date":
            as_sent = Column(short_name(path, "_sent"), f"As sent: {label}", source=source)
            yield Field(as_sent, lambda row: _text(get(row)), "limited")
            yield Field(Column(name, label, "date", source=source), lambda row: _day(get(row)), sharing)
            flag = Column(short_name(path, "_dtf"), f"Imputed: {label}", "code", IMPUTED, source=source)
            yield Field(flag, lambda row: _imputed(get(row)), sharing)
        case "exact date":
            yield Field(Column(name, label, "date", source=source), lambda row: _text(get(row)), sharing)
        case "offset":
            yield from _offset(path, label, source, get)
        case "code":
            for part, what in (("system", "Terminology"), ("code", "Code")):
                column = Column(short_name(path, f"_{part}"), f"{what}: {label}", source=source)
                yield Field(column, _part(get, part), sharing, _part(lambda row: told(get(row)), part))
        case "boolean":
            yield Field(Column(name, label, "flag", source=source), get, sharing)
        case "choice":
            yield Field(Column(name, label, "code", values_of(source), source=source), get, sharing)
        case "integer" | "number":
            values = values_of(source)
            yield Field(Column(name, label, one.kind, values, one.unit, source), get, sharing)
        case _:
            shared = _told(get, TOLD[source]) if source in TOLD else None
            yield Field(Column(name, label, "text", source=source), get, sharing, shared)


def _offset(path: str, label: str, source: str, get: Callable[[Row], Any]) -> Iterator[Field]:
    value = Column(short_name(path, "_value"), f"Number: {label}", "number", source=source)
    yield Field(value, _part(get, "value"), shared=_part(lambda row: _no_age(get(row)), "value"))
    for part in ("unit", "origin", "relation"):
        literal = Offset.model_fields[part].annotation
        values = tuple((str(one), "") for one in getattr(literal, "__args__", ()))
        column = Column(
            short_name(path, f"_{part}"), f"{part.capitalize()}: {label}", "code", values, source=source
        )
        yield Field(column, _part(get, part))


def _told(get: Callable[[Row], Any], form: Pattern[str]) -> Callable[[Row], str | None]:
    def find(row: Row) -> str | None:
        text = get(row)
        return text if text and form.fullmatch(text) else None

    return find


def _no_age(offset: Offset | None) -> Offset | None:
    """A time counted from birth is an age, and those have one place of their own."""
    return None if offset is None or offset.origin == "birth" else offset


def _getter(path: str, *, member: bool) -> Callable[[Row], Any]:
    root = "member" if member else "version.content"
    if "." not in path:
        return attrgetter(f"{root}.{path}")  # most variables: they cost no call of our own
    find, steps = attrgetter(root), path.split(".")
    return lambda row: _step(find(row), steps)


def _step(value: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if value is None:
            return None
        value = getattr(value, step)
    return value


def _has(get: Callable[[Row], Any], value: str) -> Callable[[Row], bool | None]:
    def find(row: Row) -> bool | None:
        chosen = get(row)
        return None if chosen is None else value in chosen

    return find


def _part(get: Callable[[Row], Any], name: str) -> Callable[[Row], Any]:
    return lambda row: getattr(get(row), name, None)


def _join(values: Any) -> str | None:
    return None if values is None else ";".join(map(str, values))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _day(value: Any) -> str | None:
    return None if value is None else Moment.of(value).date


def _imputed(value: Any) -> str | None:
    return None if value is None else Moment.of(value).imputed or None

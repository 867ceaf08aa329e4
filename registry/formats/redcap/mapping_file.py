"""Mapping files: YAML by which a data manager says what the fields of a project mean.

Every scalar is read as text, so that ``no`` stays no and a date stays what was written. Anchors and aliases are
refused, because a few lines of them grow to gigabytes.
"""

from collections import Counter
from typing import Any

import yaml
from pydantic import Field, ValidationError

from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import NULL_REASONS
from registry.domain.part import Part
from registry.errors import BadRequest
from registry.formats.columns import column_of
from registry.formats.redcap.mapping import Filled, ProjectMap, Recorded, RecordMap, Source
from registry.formats.units import factor

MAX_CHARACTERS = 200_000
"""Thousands of fields; YAML is read at a tenth of a megabyte a second."""


class _Field(Part):
    """The source of a variable, where more is to be said than the name of its field."""

    field: str | None = None
    checkbox: str | None = None
    values: dict[str, str] | None = None
    unit: str | None = None


class _Record(Part):
    """One record of a form."""

    form: str
    event: str | list[str] = Field(default_factory=list)
    instrument: str | None = None
    fields: dict[str, str | _Field] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    otherwise: str | None = None


class _RecordedAt(Part):
    field: str
    zone: str


class _File(Part):
    """The whole file."""

    record: str | None = None
    recorded_at: str | _RecordedAt | None = None
    missing: dict[str, str] = Field(default_factory=dict)
    ignore: list[str] = Field(default_factory=list)
    records: list[_Record]


class _Loader(yaml.BaseLoader):
    """YAML of texts, lists and maps, without repeats."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _wrong("it has an anchor or an alias (& or *); write the part out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for name, times in names.items():
            if times > 1:
                raise _wrong(f"`{name[:60]}` stands twice in one place")
        return super().construct_mapping(node, deep)


def read_mapping(text: str) -> ProjectMap:
    """The mapping in a file. Raises ``BadRequest`` that says where it is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise _wrong(f"it is larger than {MAX_CHARACTERS} characters")
    try:
        found = _File.model_validate(yaml.load(text, _Loader))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _wrong(f"it is no YAML{where}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        wanted = first["msg"].partition(" or instance of")[0]
        raise _wrong(f"at `{place[:80]}`: {wanted}") from None
    return _project(found)


def _wrong(message: str) -> BadRequest:
    return BadRequest(f"the mapping file: {message}", code="mapping")


def _project(found: _File) -> ProjectMap:
    for code, reason in found.missing.items():
        _reason(f"the missing data code {code[:20]}", reason)
    at = found.recorded_at
    return ProjectMap(
        tuple(_record(one) for one in found.records),
        record=found.record,
        missing=found.missing,
        recorded=Recorded(at.field, at.zone) if isinstance(at, _RecordedAt) else None,
        recorded_at=at if isinstance(at, str) else None,
        ignore=tuple(found.ignore),
    )


def _reason(of: str, reason: str) -> None:
    if reason not in NULL_REASONS:
        raise _wrong(f"{of} has no known reason; choose one of {', '.join(NULL_REASONS)}")


def _record(one: _Record) -> RecordMap:
    if one.form not in FORMS_BY_NAME:
        raise _wrong(f"there is no form `{one.form[:60]}`; choose one of {', '.join(FORMS_BY_NAME)}")
    if one.otherwise is not None:
        _reason(f"`otherwise` of {one.form}", one.otherwise)
    sources = [(name, _source(one.form, name, said)) for name, said in one.fields.items()]
    sources += [(name, Source(constant=value)) for name, value in one.constants.items()]
    return RecordMap(
        one.form,
        tuple(_filled(one.form, name, source) for name, source in sources),
        frozenset([one.event] if isinstance(one.event, str) else one.event),
        one.instrument,
        one.otherwise,
    )


def _filled(form: str, name: str, source: Source) -> Filled:
    place = column_of(form, name)
    if place is None:
        raise _wrong(f"the form {form} has no variable `{name[:60]}`")
    if source.checkbox and not place[0].many:
        raise _wrong(f"`{name}` takes one value; a checkbox may give several")
    return Filled(name, *place, source)


def _source(form: str, name: str, said: str | _Field) -> Source:
    if isinstance(said, str):
        return Source(said)
    if (said.field is None) == (said.checkbox is None):
        raise _wrong(f"`{name[:60]}` of {form} names either a `field` or a `checkbox`")
    if said.checkbox is not None:
        if not said.values:
            raise _wrong(f"`{name[:60]}` of {form}: say in `values` what each box means")
        return Source(said.checkbox, True, said.values)
    return Source(said.field or "", values=said.values, factor=_factor(form, name, said.unit))


def _factor(form: str, name: str, unit: str | None) -> float:
    place = column_of(form, name)
    if unit is None or place is None:
        return 1.0
    wanted = place[0].variable.unit if place[0].variable else ""
    by = factor(unit, wanted)
    if by is None:
        raise _wrong(f"`{name}` of {form} is in {wanted or 'no unit'}; {unit[:20]} can not be turned into it")
    return by

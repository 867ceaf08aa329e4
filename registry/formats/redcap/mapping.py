"""Which field of a REDCap project is which variable of ours.

Our own data dictionary needs no mapping: ``own_mapping`` is read off the dictionary. A project with another one comes
with a mapping file (see ``mapping_file``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from registry.domain.forms import FORMS
from registry.domain.forms.form import NULL_REASONS
from registry.formats.columns import Column, Steps, column_of
from registry.formats.csv.template import headings
from registry.formats.redcap.names import (
    NONE_OF_THESE,
    RECORD,
    choice_code,
    field_name,
    missing_code,
    none_fields,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of a variable comes from.

    field     field of the project; empty when the value is ``constant``
    checkbox  True when the field is one column for each choice
    values    what each code of the field means, as our tables write it; None: the value is taken as it stands
    factor    what the number is multiplied with, where it has another unit
    constant  a value that is the same in every record
    """

    field: str = ""
    checkbox: bool = False
    values: Mapping[str, str] | None = None
    factor: float = 1.0
    constant: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A variable and its source."""

    heading: str
    column: Column
    steps: Steps
    source: Source


@dataclass(frozen=True, slots=True)
class RecordMap:
    """How one record of a form is made from a row.

    events      the row must be of one of these events; empty: of any
    instrument  the row must be of this repeating instrument; None: of any
    otherwise   reason for every required variable that ends without a value; None: the row is then refused
    fields      the fields it is made of
    """

    form: str
    filled: tuple[Filled, ...]
    events: frozenset[str] = frozenset()
    instrument: str | None = None
    otherwise: str | None = None
    fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", frozenset(one.source.field for one in self.filled) - {""})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A field that holds the time of recording, and the time zone of the hospital's clock."""

    field: str
    zone: str


@dataclass(frozen=True, slots=True)
class ProjectMap:
    """A mapping of a project.

    record         field of the record id; None for the first one
    missing        missing data codes of the project, and the reasons they stand for
    ignore         fields that are not to be taken; a name may end in *
    """

    records: tuple[RecordMap, ...]
    record: str | None = None
    missing: Mapping[str, str] | None = None
    recorded: Recorded | None = None
    recorded_at: str | None = None
    ignore: tuple[str, ...] = ()

    def ignores(self, field: str) -> bool:
        """Whether the project's author said that a field is not to be taken."""
        return any(field == one or (one[-1:] == "*" and field.startswith(one[:-1])) for one in self.ignore)


@cache
def own_mapping() -> ProjectMap:
    """The mapping of a project that loaded our data dictionary."""
    records = tuple(
        RecordMap(
            form.NAME,
            (
                *(_own(form.NAME, heading) for heading in headings(form.NAME)),
                *(
                    Filled(column.path, column, steps, Source(name, values={"1": "[]", "0": "null"}))
                    for name, (column, steps) in none_fields().items()
                    if column.form == form.NAME
                ),
            ),
        )
        for form in FORMS
    )
    return ProjectMap(
        records, record=RECORD, missing={missing_code(reason): reason for reason in NULL_REASONS}
    )


def _own(form: str, heading: str) -> Filled:
    place = column_of(form, heading)
    assert place is not None
    column, steps = place
    values = {choice_code(value): value for value, _ in column.values} or None
    if values and column.many:
        values[NONE_OF_THESE] = "[]"
    checkbox = bool(values) and column.many
    return Filled(heading, column, steps, Source(field_name(form, heading), checkbox, values))

"""Versions of the data dictionary: a record keeps the one it was sent under, and stays readable for ever.

A change of the dictionary that old content does not fit (a renamed variable, a value split in two) comes with a
``Migration`` that lifts the plain JSON of one record from one version to the next. Stored content is never rewritten; it
is lifted when it is read. Additions of optional variables need no migration.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from registry.domain.forms import DICTIONARY_VERSION

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the dictionary: ``lift(form name, content)`` gives the content in the words of ``after``."""

    before: str
    after: str
    lift: Callable[[str, Content], Content]


MIGRATIONS: tuple[Migration, ...] = ()
"""Every step so far, in order; the first published dictionary is 1.0."""


def versions_taken(migrations: Sequence[Migration] = MIGRATIONS) -> tuple[str, ...]:
    """The versions a submission may be written for, newest last."""
    return (*(step.before for step in migrations), DICTIONARY_VERSION)


def lifted(
    form: str, content: Content, version: str, migrations: Sequence[Migration] = MIGRATIONS
) -> Content:
    """The content of a record in the words of the present dictionary; LookupError for a version never published."""
    if version == DICTIONARY_VERSION:
        return content
    for at, step in enumerate(migrations):
        if step.before == version:
            for later in migrations[at:]:
                content = later.lift(form, content)
            return content
    raise LookupError(f"there was never a dictionary {version}")

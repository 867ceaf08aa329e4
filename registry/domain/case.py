"""The case: a growing set of record versions, and its current view.

A record is known by (form, natural key). A correction is a further version, never an overwrite; a record entered in
error is withdrawn by a version that says so. The current version is the one with the greatest
(``recorded_at``, content hash), so merging is commutative, associative and idempotent: any order of arrival, any number
of repeats, any number of workers gives the same case.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple, TypeVar

import orjson

from registry.domain.forms.form import Form

F = TypeVar("F", bound=Form)

RecordKey = tuple[str, str]
"""(form name, natural key)"""


class Version(NamedTuple):
    """One version of a record, as a hospital recorded it.

    ``recorded_at`` is the hospital's own time of recording; ``reason`` is why it differs from an earlier version.
    """

    content: Form
    recorded_at: datetime
    hash: str
    reason: str | None = None

    @staticmethod
    def of(content: Form, recorded_at: datetime, reason: str | None = None) -> "Version":
        """The version with its content hash; two versions with equal content have equal hashes."""
        return Version(content, recorded_at.astimezone(UTC), content_hash(content), reason)

    @property
    def form(self) -> str:
        return self.content.NAME

    @property
    def record(self) -> RecordKey:
        return self.content.NAME, self.content.key

    @property
    def order(self) -> tuple[datetime, str]:
        """What decides which version is current; the hash is that of form and key too, so no two records share it."""
        return self.recorded_at, self.hash


def canonical(content: Form) -> bytes:
    """The content as canonical JSON: sorted keys, no nulls, so that equal content is equal bytes."""
    return orjson.dumps(content.plain, option=orjson.OPT_SORT_KEYS)


def content_hash(content: Form) -> str:
    """SHA-256 of form, key and canonical content, 64 hexadecimal digits."""
    return hashlib.sha256(f"{content.NAME}\n{content.key}\n".encode() + canonical(content)).hexdigest()


@dataclass(frozen=True)
class Case:
    """All versions of all records of one patient at one site: ``{(form, key): versions, oldest first}``."""

    versions: Mapping[RecordKey, tuple[Version, ...]]

    @staticmethod
    def of(versions: Iterable[Version]) -> "Case":
        """The case made of these versions, in any order and with any repeats."""
        found: dict[RecordKey, dict[tuple[datetime, str], Version]] = {}
        for version in versions:
            same, order = found.setdefault(version.record, {}), version.order
            known = same.get(order)
            # Same time and content sent twice: one version. A reason, if either has one, is kept (the smaller one,
            # so that the choice does not depend on the order of arrival).
            if known is None or (version.reason or "￿") < (known.reason or "￿"):
                same[order] = version
        return Case({key: tuple([same[o] for o in sorted(same)]) for key, same in sorted(found.items())})

    def merge(self, other: "Case") -> "Case":
        """The case with the versions of both."""
        return Case.of([*self.all_versions(), *other.all_versions()])

    def all_versions(self) -> Iterator[Version]:
        """Every version of every record."""
        for same in self.versions.values():
            yield from same

    @cached_property
    def current(self) -> dict[RecordKey, Version]:
        """The current version of each record that is not withdrawn, in order of form and key."""
        return {key: same[-1] for key, same in self.versions.items() if same[-1].content.retracted is None}

    @cached_property
    def _by_form(self) -> dict[type[Form], tuple[Form, ...]]:
        found: dict[type[Form], list[Form]] = {}
        for version in self.current.values():
            found.setdefault(type(version.content), []).append(version.content)
        return {form: tuple(contents) for form, contents in found.items()}

    def all(self, form: type[F]) -> tuple[F, ...]:
        """Current records of a form, in order of their natural keys."""
        return self._by_form.get(form, ())  # type: ignore[return-value]

    def one(self, form: type[F]) -> F | None:
        """The current record of a form that occurs once, or None."""
        found = self.all(form)
        return found[0] if found else None

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every version of every record: two cases with one hash are the same case."""
        lines = [f"{version.recorded_at.isoformat()} {version.hash}\n" for version in self.all_versions()]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def version_of(self, content: Form) -> Version:
        """The current version that holds this content."""
        return self.current[content.NAME, content.key]


EMPTY = Case({})

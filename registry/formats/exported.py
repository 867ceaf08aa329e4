"""What an outgoing format is given: cases as the registry knew them, and what the export is a function of.

A format is one thin mapping from these to files. It reads the cases once, in order, and keeps none of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from registry.domain.case import Case, Version
from registry.formats.folder import Folder

Profile = Literal["internal", "limited", "safe-harbour"]
"""With whom a data set for analysts may be shared."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """How a record version came into the registry: when it was accepted, and with which submission."""

    at: datetime
    submission: str


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A data query of the case as of the export: state and history end there."""

    id: str
    rule: str
    form: str
    key: str
    pointer: str
    message: str
    state: str
    history: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """One case of an export.

    case       its records as accepted by ``as_of``, without those that begin after the cut-off
    derived    its derived values at the cut-off, from all records accepted by ``as_of`` (as in a report)
    analysis   its analysis row at the cut-off
    accepted   how each version of ``case`` came in, by (form, key, hash)
    """

    site: str
    country: str | None
    registry_id: str
    pseudonym: str
    case: Case
    derived: tuple[Mapping[str, Any], ...]
    analysis: Mapping[str, Any]
    accepted: Mapping[tuple[str, str, str], Accepted]
    queries: tuple[AskedQuery, ...]

    def came(self, version: Version) -> Accepted:
        """How this version came into the registry."""
        return self.accepted[(*version.record, version.hash)]

    def value(self, outcome: str, subject: str = "") -> Mapping[str, Any] | None:
        """The derived row of an outcome, if the case has one."""
        for row in self.derived:
            if row["outcome"] == outcome and row["subject"] == subject:
                return row
        return None


@dataclass(frozen=True, slots=True)
class About:
    """What an export is a function of, beside the cases.

    profile      the sharing profile of the data sets for analysts
    threshold    fewest cases of a site or country that a safe-harbour data set names
    round_doses  a phenopacket may round a dose to whole Gy, and then says so
    """

    cutoff: date
    as_of: datetime
    opioid_table: str
    versions: Mapping[str, str]
    profile: Profile = "internal"
    threshold: int = 11
    round_doses: bool = False

    @property
    def made(self) -> str:
        """The time an exported file says it was made: the as-of time, so that the same input gives the same bytes."""
        return self.as_of.strftime("%Y-%m-%dT%H:%M:%S+00:00")


Write = Callable[[Iterable[ExportedCase], About, Folder], None]
"""An outgoing format: reads the cases once and writes its files."""

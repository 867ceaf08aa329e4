"""A row of a REDCap project, whichever way it was exported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry.domain.findings import Finding


@dataclass(frozen=True, slots=True)
class Entry:
    """The values of one record in one event and, for what repeats, of one instance.

    values  text by field; empty ones are left out
    line    line of a flat export, 0 in a project XML
    fault   why the row could not be split, if so
    """

    record: str
    event: str
    instrument: str
    instance: str
    values: Mapping[str, str]
    line: int = 0
    fault: Finding | None = None

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        parts = (
            ("line", str(self.line or "")),
            ("record", self.record[:64]),
            ("event", self.event),
            ("instrument", self.instrument),
            ("instance", self.instance),
        )
        return ", ".join(f"{name} {value}" for name, value in parts if value)


@dataclass(slots=True)
class Export:
    """An export.

    fields         every field it may hold, where that is known before its rows are
    """

    entries: Iterator[Entry]
    fields: list[str] = field(default_factory=list)

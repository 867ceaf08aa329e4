"""A submission: one message about one case, read from plain JSON into forms, or into findings that say why not."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from registry.domain.case import Version
from registry.domain.forms.form import Form


@dataclass(frozen=True)
class Submission:
    """What a hospital says about one case at one time.

    case         the site's own pseudonym of the patient
    recorded_at  the hospital's time of recording (aware), which decides which version of a record is current
    records      the form instances, each with the JSON pointer it was read from
    reason       why records that were accepted before are changed
    dictionary   dictionary version the forms were written for
    """

    case: str
    recorded_at: datetime
    records: tuple[tuple[str, Form], ...]
    reason: str | None
    dictionary: str

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """The records as versions, ready to be merged into the case."""
        return tuple(Version.of(form, self.recorded_at, self.reason) for _, form in self.records)

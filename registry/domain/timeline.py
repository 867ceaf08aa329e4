"""The dated events of a case: what happened to the patient, and when, in every form at once.

Every date of the dictionary is an event of the patient's life with the disease, unless it is named here as
something else; so a date that a form gains later is checked from its first day.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.dictionary import Variable, variables
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.kept import kept
from registry.domain.walk import values

Kind = Literal["clinical", "birth", "death", "posthumous", "administrative", "planned"]
"""What kind of event a date stands for.

clinical        happens to a living patient
posthumous      may come after death: tissue taken at autopsy, a word first used then, a report of the death
administrative  an act of the study, not of the disease
planned         lies ahead when it is recorded
"""

KINDS: dict[str, Kind] = {
    "patient.birth": "birth",
    "death.death_date": "death",
    "mps_episode.pathology.date": "posthumous",
    "mps_episode.mps_recognised_date": "posthumous",
    "patient.enrolment_date": "administrative",
    "consent.date": "administrative",
    "consent.withdrawal.date": "administrative",
    "consent.withdrawal.processed_at": "administrative",
    "consent.withdrawal.effective_from": "planned",
    "systemic_therapy.trial.unblinding_date": "planned",
    "follow_up.next_due": "planned",
}


_KIND_OF = {tuple(name.split(".", 1)): kind for name, kind in KINDS.items()}


class DatedEvent(NamedTuple):
    """One stated date: the record, the place of the variable inside it, the date and its kind."""

    record: Form
    path: str
    date: PartialDate
    kind: Kind

    @property
    def name(self) -> str:
        """The event as messages name it: ``mps_episode.imaging.0.date``."""
        return f"{self.record.NAME}.{self.path.replace('/', '.')}"


def is_date(variable: Variable) -> bool:
    """True for a variable that holds a calendar date."""
    return variable.kind in ("partial date", "exact date")


DATE_FIELDS: tuple[str, ...] = tuple(f"{one.form}.{one.path}" for one in variables() if is_date(one))
"""Every date of the dictionary, ``form.variable``."""


@kept
def dated_events(case: Case) -> tuple[DatedEvent, ...]:
    """Every stated date of the current records, in order of form, key and variable."""
    return tuple(_dated_events(case))


def _dated_events(case: Case) -> Iterator[DatedEvent]:
    for version in case.current.values():
        record = version.content
        for variable, path, date in values(record, is_date):
            yield DatedEvent(record, path, date, _kind(record, variable))


def _kind(record: Form, variable: Variable) -> Kind:
    kind = _KIND_OF.get((variable.form, variable.path))
    if kind is not None:
        return kind
    if isinstance(record, FollowUp):
        return "posthumous" if variable.path == "visit_date" and _after_death(record) else "clinical"
    if variable.path in ("start", "end", "c1d1", "last_dose_date") and _not_given(record):
        return "planned"
    return "clinical"


def _not_given(record: Form) -> bool:
    """The treatment was only planned, declined, or never begun."""
    if isinstance(record, SystemicTherapy):
        return record.status != "given"
    return isinstance(record, Radiotherapy) and record.completed == "not_started"


def _after_death(visit: FollowUp) -> bool:
    """The visit may be one at which the death was learnt of, or a reading of the record afterwards."""
    return visit.vital_status == "dead" or (visit.mode == "record_review" and visit.vital_status != "alive")

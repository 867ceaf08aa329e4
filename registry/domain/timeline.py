"""The dated events of a case: what happened to the patient, and when, in every form at once.

Every date of the dictionary is an event of the patient's life with the disease, unless it is named here as something
else; so a date that a form gains later is checked from its first day.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.dictionary import Variable
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.walk import values

Kind = Literal["clinical", "birth", "death", "posthumous", "administrative", "planned"]
"""What kind of event a date stands for.

clinical        happens to a living patient
posthumous      may come after death: tissue taken at autopsy, a word first used afterwards, a report of the death
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


def dated_events(case: Case) -> Iterator[DatedEvent]:
    """Every stated date of the current records, in order of form, key and variable."""
    for version in case.current.values():
        record = version.content
        for variable, path, date in values(record, is_date):
            yield DatedEvent(record, path, date, _kind(record, variable))


def is_date(variable: Variable) -> bool:
    """True for a variable that holds a calendar date."""
    return variable.kind in ("partial date", "exact date")


def _kind(record: Form, variable: Variable) -> Kind:
    kind = KINDS.get(f"{variable.form}.{variable.path}", "clinical")
    if kind == "clinical":
        if type(record) is FollowUp and variable.path == "visit_date" and _reports_death(record):
            return "posthumous"
        if (
            type(record) is SystemicTherapy
            and record.status != "given"
            and variable.path in ("c1d1", "last_dose_date")
        ):
            return "planned"
    return kind


def _reports_death(visit: FollowUp) -> bool:
    """The death is learnt of at a visit, or the record is read, after the patient has died."""
    if visit.vital_status == "dead":
        return True
    return visit.mode == "record_review" and visit.vital_status != "alive"

"""One case as a subject of the study: identifiers, reference date, study days, epochs, plain texts."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.forms.consent import Consent
from registry.domain.forms.death import Death
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.outcomes.outcome import Basis
from registry.domain.timeline import dated_events
from registry.formats.exported import About, ExportedCase
from registry.formats.xpt import plain_ascii

STUDY = "MPS"
"""Identifier of the study."""

STUDIED = frozenset({"prospective", "retrospective"})
"""Sources of records whose patients are subjects."""

CONSENTED = frozenset({"written", "verbal", "written_and_verbal", "broad"})

MAX_TEXT = 200
"""Longest text of a transport file."""


@dataclass(frozen=True)
class Subject:
    """One case as a subject."""

    exported: ExportedCase
    about: About

    @property
    def case(self) -> Case:
        return self.exported.case

    @property
    def studied(self) -> bool:
        """False for a published case."""
        return self.patient is not None and self.patient.source_type in STUDIED

    @property
    def id(self) -> str:
        """USUBJID."""
        return f"{STUDY}-{self.exported.registry_id}"

    @property
    def basis(self) -> Basis:
        """The basis of the derived values."""
        return Basis(self.about.cutoff, self.about.opioid_table)

    @cached_property
    def patient(self) -> Patient | None:
        return self.case.one(Patient)

    @cached_property
    def death(self) -> Death | None:
        return self.case.one(Death)

    @cached_property
    def reference(self) -> date | None:
        """Subject reference start date: enrolment, else the diagnosis of the syndrome where its day is known."""
        if self.patient is not None and self.patient.enrolment_date is not None:
            return self.patient.enrolment_date.lo
        diagnosed = [one.mps_dx_date for one in self.case.all(MpsEpisode) if one.mps_dx_date is not None]
        return min((day.lo for day in diagnosed if day.exact), default=None)

    @cached_property
    def consents(self) -> list[Consent]:
        """Consents that the patient gave on a known day, in order of time."""
        given = [one for one in self.case.all(Consent) if one.date and one.consent_type in CONSENTED]
        return sorted(given, key=lambda one: one.date.lo if one.date else date.min)

    @cached_property
    def latest(self) -> str | None:
        """The last day on which anything of the subject was observed."""
        days = [
            one.date.lo
            for one in dated_events(self.case)
            if one.kind in ("clinical", "death", "posthumous") or one.path == "enrolment_date"
        ]
        return max(days).isoformat() if days else None

    def day(self, written: PartialDate | None) -> int | None:
        """Study day of a date that is known to the day; the reference date is day 1, the day before it day -1."""
        if written is None or not written.exact or self.reference is None:
            return None
        days = (written.lo - self.reference).days
        return days + 1 if days >= 0 else days

    def epoch(self, written: PartialDate | None) -> str | None:
        """The epoch of a date; of a partial one that may lie on both sides the later."""
        if written is None:
            return None
        return "SCREENING" if self.reference and written.hi < self.reference else "FOLLOW-UP"


def dtc(written: PartialDate | None) -> str | None:
    """A date as ISO 8601, as partial as it is."""
    return None if written is None else written.text


def upper(text: str | None) -> str | None:
    """A text as SDTM writes terms: capital letters of ASCII, at most 200."""
    return None if text is None else plain_ascii(text).upper().replace("_", " ")[:MAX_TEXT]


@cache
def country(alpha2: str | None) -> str | None:
    """ISO 3166-1 alpha-3 code of a country; None when it is not one."""
    return _countries().get(alpha2 or "")


@cache
def _countries() -> dict[str, str]:
    text = (files("registry.formats.cdisc") / "iso3166.csv").read_text("utf-8")
    return {row["alpha2"]: row["alpha3"] for row in csv.DictReader(text.splitlines())}

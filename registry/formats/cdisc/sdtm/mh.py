"""MH, medical history: primary cancers, and onset and diagnosis of the syndrome, from before the reference start date.

What begins on it or later is no history: it is in CE (conformance rule CG0079).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.domain.codes.code import Code
from registry.domain.codes.lists import code_list
from registry.domain.dates import PartialDate
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.formats.cdisc.subject import Subject, dtc, upper
from registry.formats.cdisc.variable import (
    STUDY_DAY,
    DataSet,
    Values,
    Variable,
    assigned,
    derived,
    identifiers,
)

SYNDROME = "MALIGNANT PSOAS SYNDROME"


@dataclass(frozen=True, slots=True)
class Event:
    """A cancer or an episode of the syndrome, with one of its dates."""

    number: str
    term: str | None
    category: str
    kind: str
    written: PartialDate | None


def events(subject: Subject) -> Iterator[Event]:
    """The primary cancers, and onset and diagnosis of each episode."""
    for cancer in subject.case.all(PrimaryCancer):
        number = f"PRIMARY {cancer.primary_no}"
        yield Event(number, _cancer(cancer), "PRIMARY CANCER", "DIAGNOSIS", cancer.dx_date)
    for episode in subject.case.all(MpsEpisode):
        for kind, written in (("SYMPTOM ONSET", episode.mps_onset), ("DIAGNOSIS", episode.mps_dx_date)):
            if written is not None:
                yield Event(f"EPISODE {episode.episode_no}", SYNDROME, SYNDROME, kind, written)


def during(subject: Subject, written: PartialDate | None) -> bool:
    """True on the reference start date and later; also of a partial date that may lie there, as its epoch is."""
    return written is not None and subject.reference is not None and written.hi >= subject.reference


def _rows(subject: Subject) -> Iterator[Values]:
    for event in events(subject):
        if not during(subject, event.written):
            yield {
                "MHSPID": event.number,
                "MHTERM": event.term,
                "MHCAT": event.category,
                "MHEVDTYP": event.kind,
                "MHSTDTC": dtc(event.written),
                "MHSTDY": subject.day(event.written),
            }


def _cancer(cancer: PrimaryCancer) -> str | None:
    named = [_named(cancer.topography, "icd-o-3-topography"), _named(cancer.morphology, "icd-o-3-morphology")]
    return upper(", ".join(one for one in named if one) or "PRIMARY CANCER")


def _named(code: Code | None, list_name: str) -> str | None:
    if code is None:
        return None
    meaning = code_list(list_name).display(code.code)
    return f"{meaning} ({code.code})" if meaning and meaning != code.code else code.code


DATA_SET = DataSet(
    name="MH",
    label="Medical History",
    class_name="EVENTS",
    structure="One record per medical history event per subject",
    keys=("STUDYID", "USUBJID", "MHSPID", "MHEVDTYP"),
    rows=_rows,
    order="MHSTDTC",
    variables=(
        *identifiers("MH"),
        assigned("MHSPID", "Sponsor-Defined Identifier", "Perm"),
        Variable("MHTERM", "Reported Term for the Medical History", core="Req"),
        assigned("MHEVDTYP", "Medical History Event Date Type", "Perm", "MHEDTTYP"),
        assigned("MHCAT", "Category for Medical History", "Perm"),
        Variable("MHSTDTC", "Start Date/Time of Medical History Event", "partialDate", "Exp"),
        derived("MHSTDY", "Study Day of Start of Observation", "integer", STUDY_DAY, "Exp"),
    ),
)

"""MH, medical history: the primary cancers, and onset and diagnosis of the syndrome."""

from collections.abc import Iterator

from registry.domain.codes.code import Code
from registry.domain.codes.lists import code_list
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


def _rows(subject: Subject) -> Iterator[Values]:
    for cancer in subject.case.all(PrimaryCancer):
        yield {
            "MHSPID": f"PRIMARY {cancer.primary_no}",
            "MHTERM": _cancer(cancer),
            "MHCAT": "PRIMARY CANCER",
            "MHEVDTYP": "DIAGNOSIS",
            "MHSTDTC": dtc(cancer.dx_date),
            "MHSTDY": subject.day(cancer.dx_date),
        }
    for episode in subject.case.all(MpsEpisode):
        for kind, written in (("SYMPTOM ONSET", episode.mps_onset), ("DIAGNOSIS", episode.mps_dx_date)):
            if written is not None:
                yield {
                    "MHSPID": f"EPISODE {episode.episode_no}",
                    "MHTERM": "MALIGNANT PSOAS SYNDROME",
                    "MHCAT": "MALIGNANT PSOAS SYNDROME",
                    "MHEVDTYP": kind,
                    "MHSTDTC": dtc(written),
                    "MHSTDY": subject.day(written),
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

"""ADSL, subject level: who the subjects are, what they were treated with, and how their observation ended.

The treatment is the kind of the treatments of the syndrome: a registry assigns none. Dates are the days of the analysis;
what was imputed in one stands in its ``DTF`` variable (``D`` day, ``M`` month and day).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from registry.domain.analysis.row import AnalysisRow
from registry.domain.forms.analgesic import Analgesic
from registry.domain.outcomes.treatment import index_treatment
from registry.domain.outcomes.vital_status import life
from registry.formats.cdisc.sdtm.dm import age, sex
from registry.formats.cdisc.sdtm.ds import end
from registry.formats.cdisc.subject import STUDY, Subject, country, upper
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, derived

TREATMENT = {"radiotherapy": "RT", "systemic": "CHEMO", "both": "COMBINED"}


def treatment(subject: Subject) -> str:
    """The planned treatment as ADaM asks for one: RT, CHEMO, COMBINED; without any, OPIOID or NONE."""
    kind = TREATMENT.get(subject.exported.analysis["treatment"])
    if kind:
        return kind
    opioids = any(one.drug_class == "opioid" for one in subject.case.all(Analgesic))
    return "OPIOID" if opioids else "NONE"


def core(subject: Subject) -> dict[str, Any]:
    """The variables that every other data set takes over."""
    return {
        "STUDYID": STUDY,
        "USUBJID": subject.id,
        "SITEID": subject.exported.site,
        "TRTP": treatment(subject),
        "FASFL": full_analysis(subject),
    }


CORE = (
    assigned("STUDYID", "Study Identifier"),
    assigned("USUBJID", "Unique Subject Identifier"),
    Variable("SITEID", "Study Site Identifier", origin="Predecessor", method="ADSL.SITEID"),
    Variable("TRTP", "Planned Treatment", origin="Predecessor", codelist="TRTP", method="ADSL.TRT01P"),
    Variable(
        "FASFL", "Full Analysis Set Population Flag", origin="Predecessor", codelist="NY", method="ADSL.FASFL"
    ),
)


def full_analysis(subject: Subject) -> str:
    """Y for a prospective patient, enrolled by the cut-off, without an open query that keeps the case out."""
    analysis = subject.exported.analysis
    return "Y" if analysis["enrolled"] and not analysis["open_blocking"] else "N"


def survival(subject: Subject, outcome: str) -> dict[str, Any]:
    """The figures of a survival time, empty where it is not known."""
    row = subject.exported.value(outcome)
    return (row["value"] if row else None) or {}


def _rows(subject: Subject) -> Iterator[Values]:
    analysis = AnalysisRow.from_json(subject.exported.analysis)
    onset, diagnosis, treated = (survival(subject, name) for name in ("OSONS", "OSDX", "OSTRT"))
    given, known, years = (
        index_treatment(subject.case, subject.basis),
        life(subject.case, subject.basis),
        age(subject),
    )
    died = onset.get("event") == 1 or analysis.vital_status == "dead"
    ended = end(subject)
    yield core(subject) | {
        "SUBJID": subject.exported.registry_id,
        "COUNTRY": country(
            (subject.patient.country if subject.patient else None) or subject.exported.country
        ),
        "AGE": years,
        "AGEU": None if years is None else "YEARS",
        "SEX": sex(subject.patient),
        "TRT01P": treatment(subject),
        "TRTSDT": treated.get("start"),
        "TRTSDTF": treated.get("start_imputed"),
        "TRTEDT": given.end.date if given and given.end else None,
        "TRTEDTF": (given.end.imputed or None) if given and given.end else None,
        "ENRLFL": "Y" if analysis.enrolled else "N",
        "SRCTYPE": upper(analysis.source_type),
        "ENRLDT": _enrolled(subject),
        "ONSETDT": onset.get("start"),
        "ONSETDTF": onset.get("start_imputed"),
        "MPSDT": diagnosis.get("start"),
        "MPSDTF": diagnosis.get("start_imputed"),
        "DTHDT": onset.get("end") if died else None,
        "DTHDTF": onset.get("end_imputed") if died else None,
        "DTHFL": "Y" if died else None,
        "DTHCAUS": upper(subject.death.cause) if died and subject.death else None,
        "LSTALVDT": _ordinal(known.alive_on, subject),
        "EOSSTT": "DISCONTINUED" if ended else "ONGOING",
        "EOSDT": onset.get("end"),
        "DCSREAS": ended[0] if ended else None,
        "DCUTDT": subject.about.cutoff.isoformat(),
        "MPSCLASS": upper(analysis.mps_class),
        "PRIMGR": upper(analysis.site_group),
        "MPSSIDE": upper(analysis.side),
        "ECOGBL": analysis.ecog,
        "NRSBL": analysis.nrs,
        "OMEDDBL": analysis.omedd,
    }


def _enrolled(subject: Subject) -> str | None:
    patient = subject.patient
    return patient.enrolment_date.text if patient and patient.enrolment_date else None


def _ordinal(day: int | None, subject: Subject) -> str | None:
    return None if day is None else date.fromordinal(min(day, subject.about.cutoff.toordinal())).isoformat()


def _dated(name: str, flag: str, label: str, method: str) -> tuple[Variable, Variable]:
    return (
        derived(name, label, "date", method),
        derived(
            flag,
            f"{label.removesuffix(' to Treatment')} Imput. Flag",
            method=f"D or M where {name} is imputed",
            codelist="DATEFL",
        ),
    )


DATA_SET = DataSet(
    name="ADSL",
    label="Subject-Level Analysis Dataset",
    class_name="SUBJECT LEVEL ANALYSIS DATASET",
    structure="One record per subject",
    keys=("STUDYID", "USUBJID"),
    rows=_rows,
    variables=(
        assigned("STUDYID", "Study Identifier"),
        assigned("USUBJID", "Unique Subject Identifier"),
        assigned("SUBJID", "Subject Identifier for the Study"),
        assigned("SITEID", "Study Site Identifier"),
        Variable("COUNTRY", "Country", core="Req"),
        derived("AGE", "Age", "integer", "DM.AGE", "Req"),
        assigned("AGEU", "Age Units", codelist="AGEU"),
        Variable("SEX", "Sex", core="Req", codelist="SEX"),
        Variable("RACE", "Race", core="Req"),
        assigned("ARM", "Description of Planned Arm"),
        derived("TRT01P", "Planned Treatment for Period 01", method="Kinds of the treatments of the syndrome", core="Req", codelist="TRTP"),
        *_dated("TRTSDT", "TRTSDTF", "Date of First Exposure to Treatment", "First day of the index treatment"),
        *_dated("TRTEDT", "TRTEDTF", "Date of Last Exposure to Treatment", "Last day of the index treatment"),
        derived("FASFL", "Full Analysis Set Population Flag", method="Enrolled prospectively by the cut-off, no blocking query open", core="Req", codelist="NY"),
        derived("ENRLFL", "Enrolled Population Flag", method="Prospective, with an enrolment date by the cut-off", core="Req", codelist="NY"),
        Variable("SRCTYPE", "Source of the Records", core="Req"),
        derived("ENRLDT", "Date of Enrollment", "date", "Day of enrolment"),
        *_dated("ONSETDT", "ONSETDTF", "Date of Symptom Onset", "Onset of the first episode"),
        *_dated("MPSDT", "MPSDTF", "Date of Diagnosis", "Diagnosis of the first episode"),
        *_dated("DTHDT", "DTHDTF", "Date of Death", "Death by the cut-off"),
        derived("DTHFL", "Subject Death Flag", method="Y for a death by the cut-off", codelist="NY"),
        Variable("DTHCAUS", "Cause of Death"),
        derived("LSTALVDT", "Date Last Known Alive", "date", "Latest day on which a record proves life, at most the cut-off"),
        derived("EOSSTT", "End of Study Status", method="DISCONTINUED after death, loss or withdrawal", codelist="SBJTSTAT"),
        derived("EOSDT", "End of Study Date", "date", "Last day of observation"),
        Variable("DCSREAS", "Reason for Discontinuation from Study", codelist="NCOMPLT"),
        derived("DCUTDT", "Data Cut-Off Date", "date", "Cut-off of the export", "Req"),
        derived("MPSCLASS", "Class of the Diagnosis", method="Definite, probable, possible by the three criteria"),
        derived("PRIMGR", "Group of the Primary Site", method="Registry grouping of ICD-O-3 sites"),
        Variable("MPSSIDE", "Side of the Syndrome"),
        derived("ECOGBL", "Baseline ECOG Performance Status", "integer", "Last within 14 days before treatment"),
        derived("NRSBL", "Baseline Worst Pain (NRS)", "integer", "Last within 14 days before treatment"),
        derived("OMEDDBL", "Baseline Oral Morphine Equiv (mg/day)", "float", "On the day of the baseline pain"),
    ),
)  # fmt: skip

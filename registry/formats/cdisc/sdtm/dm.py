"""DM, demographics: one row per subject. Nobody is assigned an arm, so the arms are empty and say why."""

from collections.abc import Iterator
from typing import Any

from registry.domain.forms.patient import Patient
from registry.formats.cdisc.subject import STUDY, Subject, country, dtc
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, derived

SEX = {"female": "F", "male": "M", "intersex": "UNDIFFERENTIATED", "unknown": "U"}


def age(subject: Subject) -> int | None:
    """Age in years at the reference date, from the year of birth where no more is known."""
    patient, reference = subject.patient, subject.reference
    if patient is None or patient.birth is None or reference is None:
        return None
    born = patient.birth
    not_yet = born.exact and (reference.month, reference.day) < (born.lo.month, born.lo.day)
    return reference.year - born.lo.year - not_yet


def sex(patient: Patient | None) -> str:
    """Sex as SDTM codes it."""
    return SEX.get(patient.sex_at_birth or "unknown", "U") if patient else "U"


def _rows(subject: Subject) -> Iterator[Values]:
    patient, years = subject.patient, age(subject)
    died = subject.death
    row: dict[str, Any] = {
        "STUDYID": STUDY,
        "DOMAIN": "DM",
        "USUBJID": subject.id,
        "SUBJID": subject.exported.registry_id,
        "RFSTDTC": subject.reference.isoformat() if subject.reference else None,
        "RFICDTC": dtc(subject.consents[0].date) if subject.consents else None,
        "RFPENDTC": subject.latest,
        "DTHDTC": dtc(died.death_date) if died else None,
        "DTHFL": "Y" if died else None,
        "SITEID": subject.exported.site,
        "BRTHDTC": dtc(patient.birth) if patient else None,
        "AGE": years,
        "AGEU": None if years is None else "YEARS",
        "SEX": sex(patient),
        "ARMNRS": "NOT ASSIGNED",
        "COUNTRY": country((patient.country if patient else None) or subject.exported.country),
    }
    yield row


DATA_SET = DataSet(
    name="DM",
    label="Demographics",
    class_name="SPECIAL PURPOSE",
    structure="One record per subject",
    keys=("STUDYID", "USUBJID"),
    rows=_rows,
    variables=(
        assigned("STUDYID", "Study Identifier"),
        assigned("DOMAIN", "Domain Abbreviation", codelist="DOMAIN"),
        assigned("USUBJID", "Unique Subject Identifier"),
        assigned("SUBJID", "Subject Identifier for the Study"),
        derived(
            "RFSTDTC",
            "Subject Reference Start Date/Time",
            "partialDate",
            "Day of enrolment; without one the day on which the syndrome was diagnosed",
            "Exp",
        ),
        Variable("RFENDTC", "Subject Reference End Date/Time", "partialDate", "Exp"),
        Variable("RFXSTDTC", "Date/Time of First Study Treatment", "partialDate", "Exp"),
        Variable("RFXENDTC", "Date/Time of Last Study Treatment", "partialDate", "Exp"),
        Variable("RFICDTC", "Date/Time of Informed Consent", "partialDate", "Exp"),
        derived(
            "RFPENDTC",
            "Date/Time of End of Participation",
            "partialDate",
            "Last day on which anything of the subject was observed",
            "Exp",
        ),
        Variable("DTHDTC", "Date/Time of Death", "partialDate", "Exp"),
        derived(
            "DTHFL", "Subject Death Flag", method="Y when a death is recorded", core="Exp", codelist="NY"
        ),
        assigned("SITEID", "Study Site Identifier"),
        Variable("BRTHDTC", "Date/Time of Birth", "partialDate"),
        derived("AGE", "Age", "integer", "At RFSTDTC; from the year of birth where no more is known", "Exp"),
        assigned("AGEU", "Age Units", "Exp", "AGEU"),
        Variable("SEX", "Sex", core="Req", codelist="SEX"),
        Variable("RACE", "Race", core="Exp"),
        assigned("ARMCD", "Planned Arm Code", "Exp"),
        assigned("ARM", "Description of Planned Arm", "Exp"),
        assigned("ACTARMCD", "Actual Arm Code", "Exp"),
        assigned("ACTARM", "Description of Actual Arm", "Exp"),
        assigned("ARMNRS", "Reason Arm and/or Actual Arm is Null", "Exp", "ARMNULRS"),
        assigned("ACTARMUD", "Description of Unplanned Actual Arm", "Exp"),
        Variable("COUNTRY", "Country", core="Req"),
    ),
)

"""CM, concomitant medications: opioids and other analgesics, and the drugs of systemic therapies that were given."""

from collections.abc import Iterator

from registry.domain.codes.code import Code
from registry.domain.codes.drugs import inn
from registry.domain.codes.systems import short_system
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.formats.cdisc.subject import Subject, dtc, upper
from registry.formats.cdisc.variable import (
    EPOCH,
    DataSet,
    Values,
    Variable,
    assigned,
    began,
    derived,
    identifiers,
    started_and_ended,
)

ROUTE = {
    "PO": "ORAL", "SL": "SUBLINGUAL", "buccal": "BUCCAL", "nasal": "NASAL", "TD": "TRANSDERMAL", "IV": "INTRAVENOUS",
    "SC": "SUBCUTANEOUS", "IM": "INTRAMUSCULAR", "PR": "RECTAL", "epidural": "EPIDURAL",
    "intrathecal": "INTRATHECAL", "perineural": "PERINEURAL",
}  # fmt: skip
SUBCATEGORY = {"acetaminophen": "NON-OPIOID", "ketamine": "NMDA RECEPTOR ANTAGONIST", "other": None}
"""Where the class of the drug would repeat its name, or say nothing."""
FREQUENCY = {1: "QD", 2: "BID", 3: "TID", 4: "QID"}


def unit(ucum: str | None) -> str | None:
    """A UCUM unit as CDISC writes it."""
    return None if ucum is None else ucum.replace("/d", "/day")


def _rows(subject: Subject) -> Iterator[Values]:
    for one in subject.case.all(Analgesic):
        yield _analgesic(subject, one)
    for therapy in subject.case.all(SystemicTherapy):
        if therapy.status != "given":
            continue
        named: list[tuple[str | None, Code | None]] = [
            (one.name, one.code) for one in therapy.components or ()
        ]
        for name, code in named or [(therapy.regimen, None)]:
            yield {
                "CMGRPID": therapy.therapy_id,
                "CMTRT": upper(name) or "SYSTEMIC THERAPY",
                "CMDECOD": upper(inn(name or "") or name),
                "CMCAT": "ANTINEOPLASTIC",
                "CMCLASCD": code.code if code and short_system(code.system) == "ATC" else None,
                "CMSTDTC": dtc(therapy.c1d1),
                "CMENDTC": dtc(therapy.last_dose_date),
                "CMSTDY": subject.day(therapy.c1d1),
                "CMENDY": subject.day(therapy.last_dose_date),
                **began("CM", therapy.c1d1, dtc(therapy.last_dose_date)),
                "EPOCH": subject.epoch(therapy.c1d1),
                "SUPP": (
                    ("CMREGIME", "Regimen", upper(therapy.regimen)),
                    ("CMCYCLES", "Cycles Given", therapy.cycles_given),
                    ("CMINTENT", "Intent of the Therapy", upper(therapy.intent)),
                ),
            }


def _analgesic(subject: Subject, one: Analgesic) -> Values:
    ongoing = one.end is None and one.end_at is None
    rate = one.dose_unit is not None and "/" in one.dose_unit
    total = one.per_day
    if total is None and not rate and one.dose_value is not None and one.frequency is not None:
        total = one.dose_value * one.frequency
    until = subject.latest if ongoing else None
    return {
        "CMTRT": upper(one.drug_name),
        "CMDECOD": upper(inn(one.drug_name) or one.drug_name),
        "CMCAT": "ANALGESIC",
        "CMSCAT": upper(SUBCATEGORY.get(one.drug_class or "", one.drug_class)),
        "CMCLASCD": one.drug.code if one.drug and short_system(one.drug.system) == "ATC" else None,
        "CMDOSE": one.dose_value,
        "CMDOSU": unit(one.dose_unit) if one.dose_value is not None or total is not None else None,
        "CMDOSFRM": "PATCH" if one.form in ("patch_72h", "patch_24h") else None,
        "CMDOSFRQ": FREQUENCY.get(int(one.frequency)) if one.frequency in FREQUENCY else None,
        "CMDOSTOT": total,
        "CMROUTE": ROUTE.get(one.route or ""),
        "CMSTDTC": dtc(one.start),
        "CMENDTC": dtc(one.end),
        "CMSTDY": subject.day(one.start),
        "CMENDY": subject.day(one.end),
        **began("CM", one.start, dtc(one.end) or until),
        "EPOCH": subject.epoch(one.start),
        "CMENRTPT": "ONGOING" if until else None,
        "CMENTPT": until,
        "SUPP": (
            ("CMRESCUE", "Rescue Dose", one.rescue_dose),
            ("CMRESCU", "Rescue Dose Unit", one.rescue_unit),
            ("CMRESCN", "Rescue Doses Taken in 24 Hours", one.rescue_taken_24h),
            ("CMEFFECT", "Effect on the Pain", upper(one.effect)),
        ),
    }


DATA_SET = DataSet(
    name="CM",
    label="Concomitant/Prior Medications",
    class_name="INTERVENTIONS",
    structure="One record per drug at one dose per subject",
    keys=("STUDYID", "USUBJID", "CMTRT", "CMSTDTC", "CMROUTE", "CMDOSFRM"),
    rows=_rows,
    order="CMSTDTC",
    variables=(
        *identifiers("CM"),
        assigned("CMGRPID", "Group ID", "Perm"),
        Variable("CMTRT", "Reported Name of Drug, Med, or Therapy", core="Req"),
        assigned("CMDECOD", "Standardized Medication Name", "Perm"),
        assigned("CMCAT", "Category for Medication", "Perm"),
        Variable("CMSCAT", "Subcategory for Medication"),
        Variable("CMCLASCD", "Medication Class Code"),
        Variable("CMDOSE", "Dose per Administration", "float"),
        Variable("CMDOSU", "Dose Units", codelist="UNIT"),
        Variable("CMDOSFRM", "Dose Form"),
        Variable("CMDOSFRQ", "Dosing Frequency per Interval", codelist="FREQ"),
        derived(
            "CMDOSTOT", "Total Daily Dose", "float", "Dose times administrations a day, where not recorded"
        ),
        Variable("CMROUTE", "Route of Administration", codelist="ROUTE"),
        EPOCH,
        *started_and_ended("CM", "Medication"),
        assigned("CMENRTPT", "End Relative to Reference Time Point", "Perm", "STENRF"),
        derived("CMENTPT", "End Reference Time Point", method="RFPENDTC"),
    ),
)

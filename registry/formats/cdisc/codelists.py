"""Controlled terms in use, by list: those of CDISC with the NCI code of their list, and the registry's own.

Only terms that an export can contain are listed. CDISC controlled terminology is published by the National Cancer
Institute; SDTM package of 2021-12-17, ADaM package of 2026-03-27.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Codelist:
    """A list of terms; ``nci`` is the code of the CDISC list, empty for the registry's own."""

    name: str
    title: str
    nci: str
    terms: tuple[str, ...]


CODELISTS: dict[str, Codelist] = {
    one.name: one
    for one in (
        Codelist("SEX", "Sex", "C66731", ("F", "M", "U", "UNDIFFERENTIATED")),
        Codelist("NY", "No Yes Response", "C66742", ("N", "Y")),
        Codelist("AGEU", "Age Unit", "C66781", ("YEARS",)),
        Codelist("ARMNULRS", "Arm Null Reason", "C142179", ("NOT ASSIGNED",)),
        Codelist(
            "DOMAIN",
            "SDTM Domain Abbreviation",
            "C66734",
            ("CE", "CM", "DD", "DM", "DS", "MH", "PR", "QS", "RS", "TR", "TU"),
        ),
        Codelist("EPOCH", "Epoch", "C99079", ("SCREENING", "FOLLOW-UP")),
        Codelist("MHEDTTYP", "Medical History Event Date Type", "C124301", ("DIAGNOSIS", "SYMPTOM ONSET")),
        Codelist("LAT", "Laterality", "C99073", ("BILATERAL", "LEFT", "RIGHT")),
        Codelist("LOC", "Anatomical Location", "C74456", ("ILIOPSOAS MUSCLE",)),
        Codelist("TUTESTCD", "Tumor Identification Test Code", "C96784", ("TUMIDENT",)),
        Codelist("TUIDRS", "Tumor Identification Results", "C123650", ("NON-TARGET", "TARGET")),
        Codelist("TRTESTCD", "Tumor Properties Test Code", "C96779", ("LDIAM",)),
        Codelist("METHOD", "Method", "C85492", ("CT SCAN", "MRI", "PET/CT SCAN", "ULTRASOUND")),
        Codelist("UNIT", "Unit", "C71620", ("Gy", "g", "g/day", "mL", "mL/h", "mg", "mg/day", "mg/h", "mm", "ug", "ug/day", "ug/h")),
        Codelist("ONCRSCAT", "Oncology Response Assessment Category", "C124298", ("LUGANO CLASSIFICATION", "RECIST 1.1")),
        Codelist("ONCRTSCD", "Oncology Response Test Code", "C96782", ("BESTRESP", "ECOG101", "KPSS0101")),
        Codelist("ONCRSR", "Oncology Response Result", "C96785", ("CR", "NE", "PD", "PR", "SD")),
        Codelist("PROCEDUR", "Procedure", "C101858", ("RADIOTHERAPY",)),
        Codelist("ROUTE", "Route of Administration", "C66729", (
            "BUCCAL", "EPIDURAL", "INTRAMUSCULAR", "INTRATHECAL", "INTRAVENOUS", "NASAL", "ORAL", "PERINEURAL",
            "RECTAL", "SUBCUTANEOUS", "SUBLINGUAL", "TRANSDERMAL",
        )),
        Codelist("FREQ", "Frequency", "C71113", ("BID", "QD", "QID", "TID")),
        Codelist("STENRF", "Relation to Reference Period", "C66728", ("BEFORE", "ONGOING")),
        Codelist("NCOMPLT", "Completion/Reason for Non-Completion", "C66727", (
            "DEATH", "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT",
        )),
        Codelist("PROTMLST", "Protocol Milestone", "C114118", ("INFORMED CONSENT OBTAINED",)),
        Codelist("DSCAT", "Category for Disposition Event", "C74558", ("DISPOSITION EVENT", "PROTOCOL MILESTONE")),
        Codelist("DTHDXCD", "Death Diagnosis and Details Test Code", "C116108", ("PRCDTH",)),
        Codelist("SBJTSTAT", "Subject Trial Status", "C124296", ("DISCONTINUED", "ONGOING")),
        Codelist("DATEFL", "Date Imputation Flag", "C81223", ("D", "M")),
        Codelist("QSTESTCD", "Pain Numeric Rating Scale Test Code", "", ("NRSAVG", "NRSLEAST", "NRSNOW", "NRSWORST")),
        Codelist("TRTP", "Planned Treatment", "", ("CHEMO", "COMBINED", "NONE", "OPIOID", "RT")),
        Codelist("PAINRESP", "Response of Pain", "", ("CR", "PR", "IR", "PP")),
        Codelist("CNSR", "Censor", "", ("0", "1", "2", "3", "4")),
    )
}  # fmt: skip
"""Every list by its name. The categories of pain response are those of Chow et al. 2012."""

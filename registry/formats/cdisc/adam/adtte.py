"""ADTTE, time to event: overall survival from onset, diagnosis and index treatment. CNSR 0 is the event.

AVAL is the days from STARTDT to ADT (the day of origin is day 0 of the time, and a death on it counts half a day). What
the partial dates allow stands in AVALLO and AVALHI; ENTRYDAY is the day on which the subject came under observation
(left truncation).
"""

from collections.abc import Iterator

from registry.formats.cdisc.adam.adsl import CORE, core, survival
from registry.formats.cdisc.subject import Subject
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, derived

PARAMETERS = (
    ("OSONS", 1, "Overall Survival from Symptom Onset (days)"),
    ("OSDX", 2, "Overall Survival from Diagnosis (days)"),
    ("OSTRT", 3, "Overall Survival from Index Treatment (days)"),
)
CENSORED = {
    "cut_off": (1, "ALIVE AT THE DATA CUT-OFF", "DATE OF THE DATA CUT-OFF"),
    "lost": (2, "LOST TO FOLLOW-UP", "DATE LAST KNOWN ALIVE"),
    "withdrawal": (3, "CONSENT WITHDRAWN", "DATE OF WITHDRAWAL"),
    "last_contact": (4, "LAST CONTACT", "DATE LAST KNOWN ALIVE"),
}
"""Why the observation ended -> CNSR, EVNTDESC, CNSDTDSC."""


def _rows(subject: Subject) -> Iterator[Values]:
    for code, number, name in PARAMETERS:
        value = survival(subject, code)
        if value.get("days") is None:
            continue  # no origin, no end, or a published number of months without dates
        died = value["event"] == 1
        censor, event, dated_by = (0, "DEATH", None) if died else CENSORED[value["censored_by"]]
        yield core(subject) | {
            "PARAM": name,
            "PARAMCD": code,
            "PARAMN": number,
            "AVAL": value["days"],
            "AVALU": "DAYS",
            "STARTDT": value["start"],
            "STARTDTF": value["start_imputed"],
            "ADT": value["end"],
            "ADTF": value["end_imputed"],
            "CNSR": censor,
            "EVNTDESC": event,
            "CNSDTDSC": dated_by,
            "ENTRYDAY": value["entry_days"],
            "AVALLO": value["days_lo"],
            "AVALHI": value["days_hi"],
            "SRCDOM": "ADSL",
            "SRCVAR": "DTHDT" if died else "EOSDT",
        }


DATA_SET = DataSet(
    name="ADTTE",
    label="Time-to-Event Analysis Dataset",
    class_name="BASIC DATA STRUCTURE",
    subclass="TIME-TO-EVENT",
    structure="One record per subject per parameter",
    keys=("STUDYID", "USUBJID", "PARAMCD"),
    rows=_rows,
    variables=(
        *CORE,
        assigned("PARAM", "Parameter"),
        assigned("PARAMCD", "Parameter Code"),
        Variable("PARAMN", "Parameter (N)", "integer", origin="Assigned"),
        derived("AVAL", "Analysis Value", "float", "ADT minus STARTDT; half a day for a death on STARTDT", "Req"),
        assigned("AVALU", "Analysis Value Unit", "Perm"),
        derived("STARTDT", "Time to Event Origin Date for Subject", "date", "Day of the origin of PARAMCD", "Req"),
        derived("STARTDTF", "Origin Date Imputation Flag", method="D or M where STARTDT is imputed", core="Exp", codelist="DATEFL"),
        derived("ADT", "Analysis Date", "date", "Death, or last day known alive, at most the cut-off", "Req"),
        derived("ADTF", "Analysis Date Imputation Flag", method="D or M where ADT is imputed", core="Exp", codelist="DATEFL"),
        derived("CNSR", "Censor", "integer", "0 for a death by the cut-off; 1 alive at the cut-off, 2 lost, 3 withdrawn, 4 last contact", "Req", "CNSR"),
        derived("EVNTDESC", "Event or Censoring Description", method="Text of CNSR"),
        derived("CNSDTDSC", "Censor Date Description", method="Which day ADT is for a censored subject", core="Exp"),
        derived("ENTRYDAY", "Day of Entry under Observation", "integer", "Enrolment minus STARTDT, at least 0"),
        derived("AVALLO", "Fewest Days the Dates Allow", "integer", "Bounds of partial dates"),
        derived("AVALHI", "Most Days the Dates Allow", "integer", "Bounds of partial dates"),
        assigned("SRCDOM", "Source Data", "Perm"),
        assigned("SRCVAR", "Source Variable", "Perm"),
    ),
)  # fmt: skip

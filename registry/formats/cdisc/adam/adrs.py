"""ADRS, response: of the pain by the international consensus in its windows, and of the tumour on imaging.

The two are different parameters and never merged. AVAL orders the categories from the best: 1 is a complete response.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.outcomes.moment import moment
from registry.domain.outcomes.treatment import index_treatment, treatments
from registry.formats.cdisc.adam.adsl import CORE, core
from registry.formats.cdisc.subject import Subject, dtc
from registry.formats.cdisc.variable import DataSet, Values, Variable, assigned, derived

PAIN = ("CR", "PR", "IR", "PP")
TUMOUR = ("CR", "PR", "SD", "PD", "NE")
VISITS = {
    "W1": (1, "WEEK 1"),
    "W2": (2, "WEEK 2"),
    "EOT": (3, "END OF TREATMENT"),
    "M1": (4, "MONTH 1"),
    "M2": (5, "MONTH 2"),
    "M3": (6, "MONTH 3"),
    "best": (99, "BEST WITHIN 12 WEEKS"),
}
PRIMARY = "M2"
"""The window of the primary analysis."""


def _rows(subject: Subject) -> Iterator[Values]:
    starts = {one.id: one.start for one in treatments(subject.case, subject.basis)}
    index = index_treatment(subject.case, subject.basis)
    for row in subject.exported.derived:
        parts = row["subject"].split("|")
        if row["outcome"] != "RESP" or len(parts) != 3 or row["value"] is None:
            continue  # of two sides the patient's row, which is that of the worse
        _, course, window = parts
        category, start = row["value"]["category"], starts.get(course)
        number, visit = VISITS[window]
        day = date.fromisoformat(start.date) + timedelta(row["value"]["days_from_start"]) if start else None
        yield core(subject) | {
            "PARAM": "Response of Pain, International Consensus",
            "PARAMCD": "PAINRESP",
            "AVAL": PAIN.index(category) + 1 if category else None,
            "AVALC": category or "NE",
            "ADT": day.isoformat() if day else None,
            "AVISIT": visit,
            "AVISITN": number,
            "ANL01FL": "Y" if window == PRIMARY and category and index and index.id == course else None,
            "CRSID": course,
            "RSREAS": (row["reason"] or "").replace("_", " ").upper() or None,
            "SRCDOM": "QS",
        }
    courses: tuple[Radiotherapy | SystemicTherapy, ...] = (
        *subject.case.all(Radiotherapy),
        *subject.case.all(SystemicTherapy),
    )
    for given in courses:
        response = given.tumour_response
        if response is not None and response.category is not None:
            seen = moment(response.date)
            yield core(subject) | {
                "PARAM": "Best Response of the Tumor",
                "PARAMCD": "BOR",
                "AVAL": TUMOUR.index(response.category) + 1,
                "AVALC": response.category,
                "ADT": seen.date if seen else None,
                "ADTF": (seen.imputed or None) if seen else None,
                "ADTC": dtc(response.date),
                "CRSID": given.key,
                "CRIT1": response.criteria,
                "SRCDOM": "RS",
            }


DATA_SET = DataSet(
    name="ADRS",
    label="Response Analysis Dataset",
    class_name="BASIC DATA STRUCTURE",
    structure="One record per subject per parameter per treatment course per analysis visit",
    keys=("STUDYID", "USUBJID", "PARAMCD", "CRSID", "AVISITN"),
    rows=_rows,
    variables=(
        *CORE,
        assigned("PARAM", "Parameter"),
        assigned("PARAMCD", "Parameter Code"),
        derived("AVAL", "Analysis Value", "integer", "Place of AVALC in its list, 1 is the best"),
        derived("AVALC", "Analysis Value (C)", method="PAINRESP: Chow et al. 2002 and 2012, CR PR IR PP, NE when not evaluable; BOR as recorded", core="Req"),
        derived("ADT", "Analysis Date", "date", "Day of the assessment"),
        derived("ADTF", "Analysis Date Imputation Flag", method="D or M where ADT is imputed", codelist="DATEFL"),
        Variable("ADTC", "Date as Recorded", "partialDate"),
        derived("AVISIT", "Analysis Visit", method="Window after the end of radiotherapy or the start of systemic therapy"),
        derived("AVISITN", "Analysis Visit (N)", "integer", "Order of AVISIT"),
        derived("ANL01FL", "Analysis Flag 01", method="Y: month 2 after the index treatment, the primary analysis", codelist="NY"),
        Variable("CRSID", "Identifier of the Treatment Course"),
        derived("RSREAS", "Reason Not Evaluable", method="First reason of the registry's list that applies"),
        Variable("CRIT1", "Criteria of the Response"),
        assigned("SRCDOM", "Source Data", "Perm"),
    ),
)  # fmt: skip

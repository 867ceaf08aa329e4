"""The cut-off in time of the records themselves: what began after it is left out of a data set.

A record is placed by the day on which what it describes began. A date that may lie before the cut-off keeps its record,
and so does a record without a date. What a kept record says of later days stays as the hospital wrote it.
"""

from datetime import date

from registry.domain.case import Case
from registry.domain.dates import PartialDate

BEGINS: dict[str, str | None] = {
    "patient": None,
    "primary_cancer": "dx_date",
    "mps_episode": "mps_onset",
    "symptoms": "assess_date",
    "pain_assessment": "assess_date",
    "function": "assess_date",
    "analgesic": "start",
    "radiotherapy": "start",
    "systemic_therapy": "c1d1",
    "surgery": "date",
    "intervention": "date",
    "toxicity": "onset",
    "follow_up": "visit_date",
    "death": "death_date",
    "consent": "date",
}
"""The variable of each form that says when what it describes began."""


def cut(case: Case, cutoff: date) -> Case:
    """The case without the records of which the current version begins after the cut-off."""
    kept = {
        record: versions
        for record, versions in case.versions.items()
        if not _after(versions[-1].content, BEGINS[record[0]], cutoff)
    }
    return case if len(kept) == len(case.versions) else Case(kept)


def _after(content: object, variable: str | None, cutoff: date) -> bool:
    begins = getattr(content, variable) if variable else None
    return isinstance(begins, PartialDate) and begins.lo > cutoff

"""ADPAIN: worst pain of the psoas lesion and oral morphine equivalent on each day of assessment, against baseline.

Baseline is that of the index treatment: the last assessment at most 14 days before it or on its day. The opioid dose of a
day belongs to the patient; its baseline is that of the baseline day of the pain.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from registry.domain.outcomes.index_pain import index_pain
from registry.domain.outcomes.response_course import Course, courses_by_treatment
from registry.domain.outcomes.treatment import Treatment, index_treatment
from registry.formats.cdisc.adam.adsl import CORE, core
from registry.formats.cdisc.subject import Subject, upper
from registry.formats.cdisc.variable import DataSet, Values, assigned, derived

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _rows(subject: Subject) -> Iterator[Values]:
    given = index_treatment(subject.case, subject.basis)
    if given is None or given.start is None:
        return
    courses = next(
        (mine for one, mine in courses_by_treatment(subject.case, subject.basis) if one is given), ()
    )
    for course in courses:
        yield from _pain(subject, given, course)
    yield from _doses(subject, given, courses)


def _pain(subject: Subject, given: Treatment, course: Course) -> Iterator[Values]:
    base = course.base
    for one in index_pain(subject.case, subject.basis, given, course.side):
        if one.nrs is None or not one.dated:
            continue
        at_baseline = base is not None and one.record is base.record
        row = _row(subject, given, one.day, one.nrs, course.p0, at_baseline, "D" if one.vague else None)
        yield row | {
            "PARAM": "Worst Pain of 24 Hours, NRS (0-10)",
            "PARAMCD": "NRSWORST",
            "ASIDE": upper(course.side),
        }


def _doses(subject: Subject, given: Treatment, courses: tuple[Course, ...]) -> Iterator[Values]:
    base_days = {course.base.day for course in courses if course.base is not None}
    base_day = max(base_days, default=None)
    days: dict[int, float] = {}
    for one in subject.exported.derived:
        dose = (one["value"] or {}).get("mg_per_day") if one["outcome"] == "OMEDD" else None
        if dose is not None and DAY.fullmatch(one["subject"]):  # else a time point of a source without dates
            days[date.fromisoformat(one["subject"]).toordinal()] = dose
    base = None if base_day is None else days.get(base_day)
    for day, dose in sorted(days.items()):
        row = _row(subject, given, day, dose, base, day == base_day, None)
        yield row | {"PARAM": "Oral Morphine Equivalent (mg/day)", "PARAMCD": "OMEDD"}


def _row(
    subject: Subject,
    given: Treatment,
    day: int,
    value: float,
    base: float | None,
    at_baseline: bool,
    imputed: str | None,
) -> dict[str, Any]:
    start = given.start.day if given.start else day
    change = None if base is None or day <= start else value - base
    return core(subject) | {
        "AVAL": value,
        "ADT": date.fromordinal(day).isoformat(),
        "ADTF": imputed,
        "ADY": day - start + (day >= start),
        "ABLFL": "Y" if at_baseline else None,
        "BASE": base,
        "CHG": change,
        "PCHG": None if change is None or not base else 100 * change / base,
        "CRSID": given.id,
    }


DATA_SET = DataSet(
    name="ADPAIN",
    label="Pain and Opioid Analysis Dataset",
    class_name="BASIC DATA STRUCTURE",
    structure="One record per subject per parameter per side per day of assessment",
    keys=("STUDYID", "USUBJID", "PARAMCD", "ASIDE", "ADT"),
    rows=_rows,
    variables=(
        *CORE,
        assigned("PARAM", "Parameter"),
        assigned("PARAMCD", "Parameter Code"),
        assigned("ASIDE", "Side of the Pain", "Perm"),
        derived("AVAL", "Analysis Value", "float", "NRS as recorded; OMEDD by the opioid table of the export", "Req"),
        derived("ADT", "Analysis Date", "date", "Day of the assessment", "Req"),
        derived("ADTF", "Analysis Date Imputation Flag", method="D where ADT is imputed", codelist="DATEFL"),
        derived("ADY", "Analysis Relative Day", "integer", "Day relative to the start of the index treatment; no day 0"),
        derived("ABLFL", "Baseline Record Flag", method="Y on the baseline record", codelist="NY"),
        derived("BASE", "Baseline Value", "float", "AVAL of the baseline record"),
        derived("CHG", "Change from Baseline", "float", "AVAL minus BASE, after the start of the index treatment"),
        derived("PCHG", "Percent Change from Baseline", "float", "100 CHG / BASE; empty for a BASE of 0"),
        assigned("CRSID", "Identifier of the Treatment Course", "Perm"),
    ),
)  # fmt: skip

"""Symptom response: the international consensus category at months 1, 2 and 3 and the best within 12 weeks.

Worst index pain of 24 hours and opioid dose of the same 24 hours, compared with the baseline (Chow et al.
2002 and 2012, made for bone metastases and applied unchanged to painful tumours by Saito et al. 2018). After
systemic therapy the same thresholds count from its start. A patient with two treated sides has the response
of the worse one, and none while one side has none; the sides are given beside it. Every category is given
under each opioid table, and ``table_dependent`` says that the choice of table decides it. The tumour's own
response is never merged with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.domain.case import Case
from registry.domain.forms.form import Form
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.outcomes.evaluability import (
    SENTENCES,
    Missing,
    first_reason,
    why_no_window,
    why_not_assessed,
)
from registry.domain.outcomes.judgement import Judged
from registry.domain.outcomes.outcome import Basis, Derived, Outcome, Value
from registry.domain.outcomes.remembered import remembered
from registry.domain.outcomes.response_category import BEST_FIRST, PP_BOTH, Category, worst
from registry.domain.outcomes.response_course import Course, courses_by_treatment, inputs_of
from registry.domain.outcomes.treatment import Treatment
from registry.domain.outcomes.windows import BEST, Window, anchor_day, chosen, windows

TABLE_DEPENDENT = "table_dependent"

_WORDS = {
    Category.CR: "complete response",
    Category.PR: "partial response",
    Category.IR: "indeterminate response",
    Category.PP: "pain progression",
}


@dataclass(frozen=True, slots=True)
class Result:
    """The response of one side in one window."""

    course: Course
    window: Window
    anchor: int | None
    judged: Judged | None
    reason: str | None
    table: str
    flags: frozenset[str] = frozenset()
    by_table: dict[str, str | None] | None = None
    inputs: tuple[Form, ...] = ()

    @property
    def category(self) -> Category | None:
        return self.judged.category if self.judged else None


@remembered
def symptom_responses(case: Case, basis: Basis) -> tuple[Derived, ...]:
    """The responses in all windows, and the best within 12 weeks, to each treatment."""
    return tuple(
        row
        for treatment, courses in courses_by_treatment(case, basis)
        for window in (*(windows(treatment) if treatment.start else ()), BEST[treatment.kind])
        for row in _rows(case, basis, treatment, courses, window)
    )


def _rows(
    case: Case, basis: Basis, treatment: Treatment, courses: tuple[Course, ...], window: Window
) -> Iterator[Derived]:
    """The response of the patient in a window, then that of each of two sides."""
    results = [_result(case, basis, course, window) for course in courses]
    if window.always or any(result.judged is not None for result in results):
        tail = f"{treatment.id}|{window.label}"
        yield _patient(f"{treatment.episode_no}|{tail}", treatment, results)
        if len(results) > 1:
            for result in results:
                if not window.always and result.judged is None:
                    continue
                yield _side(f"{treatment.episode_no}|{result.course.side}|{tail}", treatment, result)


def _result(case: Case, basis: Basis, course: Course, window: Window) -> Result:
    dated, table = course.treatment.start is not None, basis.opioid_table
    anchor, flags = anchor_day(window, course.treatment), set()
    if anchor is None and not dated:  # a published course without an end: the 12 weeks count from its start
        anchor, flags = course.start, {"anchored_to_start"}
    if anchor is None:
        missing = why_no_window(case, basis, course, course.start + window.first)
        inputs = (*inputs_of(course, None), *missing.records)
        return Result(course, window, None, None, missing.reason, table, inputs=inputs)
    judged = _best(course, anchor, window) if window.label == "best" else _nearest(course, anchor, window)
    if judged is None:
        if dated:
            missing = why_not_assessed(case, basis, course, anchor + window.first, anchor + window.last)
        else:
            scored = tuple(one for one in case.all(PainAssessment) if one.nrs_worst is not None)
            missing = Missing("no_treatment_date" if scored else "missing_nrs", scored)
        inputs = (*inputs_of(course, None), *missing.records)
        return Result(course, window, anchor, None, missing.reason, table, inputs=inputs)
    by_table: dict[str, str | None] | None = None
    if judged.measurement.nrs is not None and course.p0 is not None:
        by_table = course.by_table(judged)
        if len(set(by_table.values())) > 1:
            flags.add(TABLE_DEPENDENT)
    inputs = inputs_of(course, judged)
    return Result(
        course, window, anchor, judged, judged.reason, table, judged.flags | flags, by_table, inputs
    )


def _nearest(course: Course, anchor: int, window: Window) -> Judged | None:
    found = chosen([one.measurement for one in course.judged], anchor, window)
    return next((one for one in course.judged if one.measurement is found), None)


def _best(course: Course, anchor: int, window: Window) -> Judged | None:
    """The first assessment in the best category; without one the first that was scored, or made at all."""
    inside = [one for one in course.judged if window.first <= one.day - anchor <= window.last]
    return min(
        inside,
        key=lambda one: (
            len(BEST_FIRST) if one.category is None else BEST_FIRST.index(one.category),
            one.measurement.nrs is None,
            one.day,
        ),
        default=None,
    )


def _patient(subject: str, treatment: Treatment, results: list[Result]) -> Derived:
    """The response of the patient: the worse side, or none while a side has none."""
    if len(results) == 1:
        return _side(subject, treatment, results[0])
    reasons = [result.reason for result in results if result.reason is not None]
    if reasons:
        reason = first_reason(reasons)
        speaks = next(result for result in results if result.reason == reason)
    else:
        reason, lowest = None, worst([result.category for result in results if result.category])
        speaks = next(result for result in results if result.category == lowest)
    flags = frozenset().union(*(result.flags for result in results)) - {TABLE_DEPENDENT}
    value = _value(speaks)
    tables = [result.by_table for result in results]
    if value is not None and all(table is not None for table in tables):
        value["by_table"] = by_table = _worst_by_table([table for table in tables if table is not None])
        flags |= {TABLE_DEPENDENT} if len(set(by_table.values())) > 1 else set()
        value["pragmatic"] = _worst_of([r.judged.pragmatic if r.judged else None for r in results])
    inputs = tuple(record for result in results for record in result.inputs)
    text = f"{_sentence(treatment, speaks)} The {speaks.course.side} side decides."
    return Derived(subject, value, text, reason, tuple(sorted(flags)), inputs)


def _side(subject: str, treatment: Treatment, result: Result) -> Derived:
    text = _sentence(treatment, result)
    return Derived(subject, _value(result), text, result.reason, tuple(sorted(result.flags)), result.inputs)


def _worst_by_table(tables: list[dict[str, str | None]]) -> dict[str, str | None]:
    return {name: _worst_of([table[name] for table in tables]) for name in tables[0]}


def _worst_of(categories: list[str | None] | list[Category | None]) -> str | None:
    """The worst of the sides; None while one side has none."""
    known = [Category(category) for category in categories if category is not None]
    return _name(worst(known)) if len(known) == len(categories) else None


def _name(category: Category | None) -> str | None:
    return None if category is None else category.value


def _value(result: Result) -> Value | None:
    judged, course = result.judged, result.course
    if judged is None or result.anchor is None:
        return None
    table = result.table
    return {
        "category": _name(judged.category),
        "pragmatic": _name(judged.pragmatic),
        "pain_only": _name(judged.pain_only),
        "integrated": judged.integrated,
        "day": judged.day - result.anchor,
        "days_from_start": judged.day - course.start,
        "p0": course.p0,
        "pt": judged.measurement.nrs,
        "d0_mg": course.base_regimen.mg(table) if course.base_regimen else None,
        "dt_mg": judged.regimen.mg(table),
        "confounders": sorted({change.kind for change in judged.changed}),
        "by_table": result.by_table,
    }


def _sentence(treatment: Treatment, result: Result) -> str:
    """The response in words, with the figures it is read from."""
    judged, course, label = result.judged, result.course, result.window.label
    when = "Best response within 12 weeks" if label == "best" else f"Response at {label}"
    if judged is None or judged.reason is not None or judged.category is None:
        why = SENTENCES[result.reason or "missed"]
        text = f"{when} after {treatment.words} {treatment.id} cannot be judged: {why}."
        if judged is not None and judged.pain_only is not None:
            text += (
                f" The pain alone would be a {_WORDS[judged.pain_only]} ({course.p0} to "
                f"{judged.measurement.nrs})."
            )
        return text
    d0 = course.base_regimen.mg(result.table) if course.base_regimen else None
    counted = "the end of radiotherapy" if result.window.anchor == "end" else "the start of therapy"
    text = (
        f"{when} after {treatment.words} {treatment.id}: {_WORDS[judged.category]}, worst pain "
        f"{course.p0} to {judged.measurement.nrs} and opioids {d0:g} to "
        f"{judged.regimen.mg(result.table):g} mg of oral morphine a day, "
        f"{judged.day - (result.anchor or 0)} days after {counted}."
    )
    if PP_BOTH in judged.flags:
        text += " Pain and opioid dose both rose, which the letter of the consensus leaves indeterminate."
    if TABLE_DEPENDENT in result.flags:
        text += " Another opioid table gives another category."
    return text


OUTCOME = Outcome(
    id="RESP",
    version=1,
    title="Symptom response by the international consensus",
    definition="CR, PR, PP or IR from worst index pain and opioid dose against baseline, in windows M1, "
    "M2 (primary), M3 and best within 12 weeks; the worse of two sides.",
    source="Chow et al. 2002 (Radiother Oncol 64:275-80) and 2012 (Int J Radiat Oncol Biol Phys "
    "82:1730-7); windows and edge rules: registry decisions",
    derive=symptom_responses,
    uses_opioid_table=True,
)

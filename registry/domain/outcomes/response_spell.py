"""Spells of response: from a first assessment in CR or PR to the relapse of pain, after one treatment.

A spell ends with pain progression, or with a relapse of pain: back to within 1 point of the baseline, or 2
points or more above the lowest score since the response with no less opioid than there. A response by less
opioid alone has no lower pain to return from, so only the second clause can end it. A relapse that a
follow-up reports ends it too; a relapse on imaging never does. After a relapse a new response begins a new
spell. Registry decisions.
"""

from dataclasses import dataclass
from typing import Literal

from registry.domain.case import Case
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.outcomes.judgement import Judged
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.remembered import remembered
from registry.domain.outcomes.response_category import EPSILON, Category
from registry.domain.outcomes.response_course import Course, response_courses


@dataclass(frozen=True, slots=True)
class Spell:
    """first and last assessment in response, and the day and kind of the end if there was one before the
    last."""

    first: Judged
    last: Judged
    ended_on: int | None = None
    ended_by: Literal["progression", "relapse", "reported"] | None = None
    end_record: Form | None = None


@remembered
def spells(case: Case, basis: Basis) -> tuple[tuple[Course, tuple[Spell, ...]], ...]:
    """Every course with its spells of response, in order of time."""
    reported = _reported_relapses(case, basis)
    return tuple((course, _spells(course, basis, reported)) for course in response_courses(case, basis))


def _spells(course: Course, basis: Basis, all_reported: list[tuple[int, Form]]) -> tuple[Spell, ...]:
    until = course.reirradiated_on
    reported = [one for one in all_reported if until is None or one[0] <= until]
    found: list[Spell] = []
    first: Judged | None = None
    last = nadir = first
    for judged in course.judged:
        if first is not None and last is not None and nadir is not None:
            told = next(((day, form) for day, form in reported if last.day < day < judged.day), None)
            if told is not None:
                found.append(Spell(first, last, told[0], "reported", told[1]))
                first = None
            elif how := _ends(course, nadir, judged, basis.opioid_table):
                found.append(Spell(first, last, judged.day, how, judged.measurement.record))
                first = None
                continue
        if first is not None and nadir is not None:
            last = judged
            nadir = judged if _lower(judged, nadir) else nadir
        elif judged.responder:
            first = last = nadir = judged
    if first is not None and last is not None:
        told = next(((day, form) for day, form in reported if day > last.day), None)
        found.append(Spell(first, last, told[0], "reported", told[1]) if told else Spell(first, last))
    return tuple(found)


def _ends(
    course: Course, nadir: Judged, judged: Judged, table: str
) -> Literal["progression", "relapse"] | None:
    if judged.category == Category.PP:
        return "progression"
    low, now, p0 = nadir.measurement.nrs, judged.measurement.nrs, course.p0
    if low is None or now is None or p0 is None:
        return None
    if low <= p0 - 2 and now >= p0 - 1:
        return "relapse"
    then, today = nadir.regimen.mg(table), judged.regimen.mg(table)
    less_opioid = then is not None and today is not None and today < then - EPSILON
    return "relapse" if now - low >= 2 and not less_opioid else None


def _lower(judged: Judged, nadir: Judged) -> bool:
    low, now = nadir.measurement.nrs, judged.measurement.nrs
    return now is not None and (low is None or now < low)


def _reported_relapses(case: Case, basis: Basis) -> list[tuple[int, Form]]:
    """Days up to the cut-off on which a follow-up says that the index pain came back."""
    found: list[tuple[int, Form]] = []
    for visit in case.all(FollowUp):
        written = visit.pain_relapse_date or visit.visit_date
        if visit.pain_relapse == "yes" and written is not None:
            day = Moment.of(written).day
            if day <= basis.cutoff.toordinal():
                found.append((day, visit))
    return sorted(found, key=lambda one: (one[0], one[1].key))

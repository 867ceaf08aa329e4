"""Cumulative dose of re-irradiation: the most that any point can have received, and the overlap.

For a course that met earlier radiotherapy the effects of both are added as if the fields had overlapped
fully. That is an upper bound and not a dose: the overlap recorded by the hospital stands beside it, no
recovery is assumed, and where the fields did not meet there is no sum. Each earlier course is added on its
own; ``with_all`` holds only if all of them met at one point.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.outcomes.outcome import Basis, Derived, Outcome, Value
from registry.domain.outcomes.radiobiology import Course, cumulative_max
from registry.domain.outcomes.radiotherapy_dose import by_ratio, course_of
from registry.domain.outcomes.treatment import begun

REASONS = ("no_delivered_dose", "no_earlier_course")


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    courses = [one for one in case.all(Radiotherapy) if begun(one.start, basis.cutoff.toordinal())]
    for course in courses:
        if course.prior_rt_overlap not in (None, "none"):
            yield _cumulative(course, [one for one in courses if _earlier(one, course)])


def _cumulative(record: Radiotherapy, earlier: list[Radiotherapy]) -> Derived:
    overlap, inputs = str(record.prior_rt_overlap), (record, *earlier)
    given = course_of(record.delivered_dose_gy, record.delivered_fractions)
    before = {one.rt_id: course_of(one.delivered_dose_gy, one.delivered_fractions) for one in earlier}
    known = {rt_id: course for rt_id, course in before.items() if course is not None}
    if given is None or len(known) < len(before):
        text = f"The cumulative dose of {record.rt_id} is unknown: a delivered dose is not recorded."
        return Derived(record.rt_id, {"overlap": overlap}, text, "no_delivered_dose", inputs=inputs)
    if not known:
        text = f"{record.rt_id} met earlier radiotherapy that is not recorded ({overlap} overlap)."
        return Derived(record.rt_id, {"overlap": overlap}, text, "no_earlier_course", inputs=inputs)
    together = _bound([*known.values(), given], overlap)
    value: Value = {
        "overlap": overlap,
        "with": {rt_id: _bound([course, given], overlap) for rt_id, course in sorted(known.items())},
        "with_all": together,
    }
    text = (
        f"If {record.rt_id} had overlapped fully with {' and '.join(sorted(known))}, late-reacting tissue "
        f"would have received an EQD2 of {together['eqd2_gy']['3']:.1f} Gy at most; the recorded overlap "
        f"is {overlap}."
    )
    return Derived(record.rt_id, value, text, inputs=inputs)


def _bound(courses: list[Course], overlap: str) -> Value:
    found = cumulative_max(courses, overlap)
    assert found is not None  # only for overlap none, which has no row
    return {"bed_gy": by_ratio(found.bed_gy), "eqd2_gy": by_ratio(found.eqd2_gy), "flags": list(found.flags)}


def _earlier(one: Radiotherapy, course: Radiotherapy) -> bool:
    """Whether a course came before another, by date or else by the number of the course."""
    if one is course or one.completed == "not_started":
        return False
    if one.start is not None and course.start is not None:
        return one.start.lo < course.start.lo
    return one.course_no is not None and course.course_no is not None and one.course_no < course.course_no


OUTCOME = Outcome(
    id="RTCUM",
    version=1,
    title="Upper bound of the cumulative dose of re-irradiation",
    definition="Sum of BED and of EQD2 of a course and each earlier one it met, as if fully "
    "overlapping, in Gy.",
    source="registry decision; Fowler 1989 for the model",
    derive=_derive,
)

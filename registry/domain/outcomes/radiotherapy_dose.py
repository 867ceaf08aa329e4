"""Biologically effective dose and EQD2 of every course of radiotherapy, planned and delivered, by target.

    BED = D (1 + d / (alpha/beta))      EQD2 = BED / (1 + 2 / (alpha/beta))      alpha/beta 10, 3 and 2 Gy

Linear-quadratic model without a time factor; above 8 Gy a fraction it is flagged. Courses to different
targets are never added up.
"""

from collections.abc import Iterator, Mapping

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.outcomes.outcome import Basis, Derived, Outcome, Value
from registry.domain.outcomes.radiobiology import Course, Effect, effect
from registry.domain.outcomes.treatment import begun

REASONS = ("no_delivered_dose",)


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    for course in case.all(Radiotherapy):
        if begun(course.start, basis.cutoff.toordinal()):
            yield _dose(course)


def _dose(record: Radiotherapy) -> Derived:
    planned = _effect(record.planned_dose_gy, record.planned_fractions)
    delivered = _effect(record.delivered_dose_gy, record.delivered_fractions)
    value: Value = {"planned": _figures(planned), "delivered": _figures(delivered)}
    if delivered is None:
        text = f"The effect of {record.rt_id} is unknown: delivered dose and fractions are not both recorded."
        return Derived(record.rt_id, value, text, "no_delivered_dose", inputs=(record,))
    course, of_course = delivered
    text = f"{record.rt_id} delivered {course.dose_gy:g} Gy in {course.fractions} fractions"
    if planned is not None and planned[0] != course:
        text += f" of {planned[0].dose_gy:g} Gy in {planned[0].fractions} planned"
    text += (
        f": EQD2 {of_course.eqd2_gy[10.0]:.2f} Gy for tumour, {of_course.eqd2_gy[3.0]:.2f} Gy for "
        "late reactions."
    )
    return Derived(record.rt_id, value, text, flags=tuple(sorted(of_course.flags)), inputs=(record,))


def course_of(dose_gy: float | None, fractions: int | None) -> Course | None:
    """The course of a dose in a number of fractions; None where they are not known or do not belong
    together."""
    if (
        dose_gy is None
        or fractions is None
        or dose_gy < 0
        or fractions < 0
        or (dose_gy > 0) != (fractions > 0)
    ):
        return None
    return Course(dose_gy, fractions)


def by_ratio(figures: Mapping[float, float]) -> dict[str, float]:
    """Gy by alpha/beta, with the ratio as JSON names it (``"10"``)."""
    return {f"{ratio:g}": gray for ratio, gray in figures.items()}


def _effect(dose_gy: float | None, fractions: int | None) -> tuple[Course, Effect] | None:
    course = course_of(dose_gy, fractions)
    return None if course is None else (course, effect(course))


def _figures(found: tuple[Course, Effect] | None) -> Value | None:
    if found is None:
        return None
    course, of_course = found
    return {
        "dose_gy": course.dose_gy,
        "fractions": course.fractions,
        "dose_per_fraction_gy": course.dose_per_fraction_gy,
        "bed_gy": by_ratio(of_course.bed_gy),
        "eqd2_gy": by_ratio(of_course.eqd2_gy),
    }


OUTCOME = Outcome(
    id="RTDOSE",
    version=2,
    title="Biologically effective dose of radiotherapy",
    definition="BED and EQD2 in Gy for alpha/beta 10, 3 and 2 of one course to one target, planned "
    "and delivered.",
    source="Fowler 1989 (Br J Radiol 62:679-94)",
    derive=_derive,
)

"""The course of the response to one treatment on one side: every assessment after its start, judged.

Pain is the worst index pain of 24 hours, the dose the opioid dose of the same 24 hours. Re-irradiation of
the side ends the course, because it begins another one with its own baseline; an assessment on that day
still counts for the first. Radiotherapy less than 4 weeks after the end of the last is a part of it and no
re-irradiation (consensus, from memory: check before the statistical analysis plan is frozen); it confounds,
as radiotherapy after systemic therapy does.
"""

from dataclasses import dataclass
from itertools import groupby

from registry.domain.case import Case
from registry.domain.forms.form import Form
from registry.domain.outcomes.confounders import confounders
from registry.domain.outcomes.index_pain import Measurement, index_pain
from registry.domain.outcomes.judgement import PAIN_FLARE, Judged, category_by, judge
from registry.domain.outcomes.opioid_regimen import Regimen, opioids
from registry.domain.outcomes.opioid_tables import table_ids
from registry.domain.outcomes.opioid_undated import after_start, before_treatment
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.remembered import remembered
from registry.domain.outcomes.treatment import Treatment, treatments
from registry.domain.outcomes.windows import BASELINE_DAYS, SYSTEMIC_FROM_DAY, baseline

REIRRADIATION_AFTER_DAYS = 28


@dataclass(frozen=True, slots=True)
class Course:
    """One treatment on one side; days are ordinals, or days from the start where the source has no dates.

    base, base_regimen  the baseline assessment and the opioids of its day
    reirradiated        the next radiotherapy of this side: what ends the course
    """

    treatment: Treatment
    side: str
    start: int
    base: Measurement | None
    base_regimen: Regimen | None
    reirradiated: Treatment | None
    judged: tuple[Judged, ...]

    @property
    def reirradiated_on(self) -> int | None:
        again = self.reirradiated
        return again.start.day if again is not None and again.start is not None else None

    @property
    def p0(self) -> int | None:
        """Worst pain at baseline."""
        return self.base.nrs if self.base else None

    def by_table(self, judged: Judged) -> dict[str, str | None]:
        """The category with every opioid table; None where pain or dose is not known."""
        pt, p0 = judged.measurement.nrs, self.p0
        if pt is None or p0 is None or self.base_regimen is None:
            return dict.fromkeys(table_ids())
        before, after = self.base_regimen.mg_by_table(), judged.regimen.mg_by_table()
        seen: dict[tuple[float | None, float | None], str | None] = {}
        for doses in zip(before.values(), after.values(), strict=True):
            if doses not in seen:
                seen[doses] = category_by(p0, pt, *doses, flare=PAIN_FLARE in judged.flags)
        return {table: seen[before[table], after[table]] for table in before}


@remembered
def response_courses(case: Case, basis: Basis) -> tuple[Course, ...]:
    """The courses of all treatments and sides, in order of treatment and side."""
    given = treatments(case, basis)
    return tuple(
        _course(case, basis, treatment, side, _next_radiotherapy(given, treatment, side))
        for treatment in given
        for side in treatment.sides
    )


@remembered
def courses_by_treatment(case: Case, basis: Basis) -> tuple[tuple[Treatment, tuple[Course, ...]], ...]:
    """Each treatment with its courses, one for a side."""
    grouped = groupby(response_courses(case, basis), key=lambda course: course.treatment)
    return tuple((treatment, tuple(mine)) for treatment, mine in grouped)


def _next_radiotherapy(given: tuple[Treatment, ...], treatment: Treatment, side: str) -> Treatment | None:
    """The radiotherapy that ends a course of radiotherapy: to the same side, and too late to be a part of
    it."""
    ended = treatment.end or treatment.start
    if ended is None or treatment.kind != "radiotherapy":
        return None
    earliest = ended.day + REIRRADIATION_AFTER_DAYS
    return next(
        (
            one
            for one in given
            if one.kind == "radiotherapy"
            and one.start is not None
            and one.start.day >= earliest
            and one.episode_no == treatment.episode_no
            and side in one.sides
        ),
        None,
    )


def _course(
    case: Case, basis: Basis, treatment: Treatment, side: str, reirradiated: Treatment | None
) -> Course:
    start = treatment.start.day if treatment.start else 0
    measurements = index_pain(case, basis, treatment, side)
    base = baseline(measurements, start)
    base_regimen = _regimen(case, basis, treatment, base) if base else None
    if base_regimen is None and treatment.start is None:
        base_regimen = before_treatment(case)
    first = start + (SYSTEMIC_FROM_DAY if treatment.kind == "systemic" else 1)
    last = reirradiated.start.day if reirradiated is not None and reirradiated.start is not None else None
    since = base.day if base else start - BASELINE_DAYS - 1
    judged = tuple(
        judge(
            treatment,
            base,
            base_regimen,
            one,
            _regimen(case, basis, treatment, one),
            confounders(case, basis, treatment.record, since, one.day) if treatment.start else (),
            basis.opioid_table,
        )
        for one in measurements
        if one.day >= first and (last is None or one.day <= last)
    )
    return Course(treatment, side, start, base, base_regimen, reirradiated, judged)


def _regimen(case: Case, basis: Basis, treatment: Treatment, one: Measurement) -> Regimen:
    if treatment.start is not None:
        return opioids(case).on(one.day)
    return after_start(case, one.day) if one.day > 0 else before_treatment(case)


def inputs_of(course: Course, judged: Judged | None) -> tuple[Form, ...]:
    """The records behind a judgement."""
    treatment = course.treatment
    found: list[Form] = [treatment.record]
    if treatment.episode is not None:
        found.append(treatment.episode)
    if course.base is not None:
        found.append(course.base.record)
    if course.base_regimen is not None:
        found.extend(course.base_regimen.records)
    if judged is not None:
        found.append(judged.measurement.record)
        found.extend(judged.regimen.records)
        found.extend(change.record for change in judged.changed)
    return tuple({id(form): form for form in found}.values())

"""Narrative response: what the record says in words, kept apart from the consensus category.

    resolved > near_complete > marked_improvement > improved > unchanged > worse

The consensus category may be *assisted* in one way only (registry decision): where there is none because the
pain was not scored, the opioid doses of both days are known, the second is at least 25 % less, and the words
say that the pain is no worse: then the response is at least partial (``PR_assisted``; a complete one is not
excluded). An unknown part of the first dose does not matter when the known part already shows the reduction.
"Improved" without scores is no PR.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.outcomes.judgement import Judged
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.response_category import EPSILON
from registry.domain.outcomes.response_course import Course, courses_by_treatment, inputs_of
from registry.domain.outcomes.treatment import Treatment

SCALE = ("resolved", "near_complete", "marked_improvement", "improved", "unchanged", "worse")
NO_WORSE = frozenset(SCALE[:5])
PR_ASSISTED = "PR_assisted"


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    for treatment, courses in courses_by_treatment(case, basis):
        told = _told(case, basis, treatment, courses)
        if told:
            best = min(told, key=lambda record: (SCALE.index(str(record.narrative)), record.key))
            yield _narrative(case, basis, treatment, courses, best)


def _told(
    case: Case, basis: Basis, treatment: Treatment, courses: tuple[Course, ...]
) -> list[PainAssessment]:
    """Assessments after the start of treatment that speak of the index pain in words."""
    judged = {id(one.measurement.record) for course in courses for one in course.judged}
    return [
        record
        for record in case.all(PainAssessment)
        if record.narrative in SCALE
        and record.index_or_nonindex == "index"
        and (
            id(record) in judged
            or (treatment.start is None and treatment.index and record.assess_date is None)
        )
    ]


def _narrative(
    case: Case, basis: Basis, treatment: Treatment, courses: tuple[Course, ...], best: PainAssessment
) -> Derived:
    assisted = _assisted(case, basis, treatment, courses)
    relapse, relapse_by = _relapse(case, basis, treatment)
    words = str(best.narrative).replace("_", " ")
    text = f"In words: {words} after {treatment.words} {treatment.id}"
    if assisted is not None:
        course, one = assisted
        before, after = course.base_regimen, one.regimen
        least = before.by(basis.opioid_table).known_mg if before else 0.0
        text += (
            f"; opioids fell from at least {least:g} to {after.mg(basis.opioid_table):g} mg of oral "
            "morphine a day with no more pain, so the response is at least partial"
        )
    if relapse is not None:
        text += "; the pain came back" if relapse == "yes" else "; the pain did not come back"
    inputs: list[Form] = [treatment.record, best, *relapse_by]
    if assisted is not None:
        inputs += inputs_of(*assisted)
    if treatment.episode is not None:
        inputs.append(treatment.episode)
    return Derived(
        f"{treatment.episode_no}|{treatment.id}",
        {
            "narrative": best.narrative,
            "assisted": PR_ASSISTED if assisted is not None else None,
            "pain_relapse": relapse,
            "verbatim": best.narrative_text,
        },
        text + ".",
        inputs=tuple(inputs),
    )


def _assisted(
    case: Case, basis: Basis, treatment: Treatment, courses: tuple[Course, ...]
) -> tuple[Course, Judged] | None:
    """An unscored assessment whose words and opioid doses show at least a partial response; one side only."""
    if len(courses) != 1:
        return None
    course = courses[0]
    if any(one.category is not None for one in course.judged):
        return None
    for one in course.judged:
        before, after = course.base_regimen, one.regimen.mg(basis.opioid_table)
        if one.measurement.record.narrative not in NO_WORSE or one.measurement.nrs is not None:
            continue
        if before is None or not before.known or after is None:
            continue
        least = before.by(basis.opioid_table).known_mg
        if least > EPSILON and after <= 0.75 * least + EPSILON:
            return course, one
    return None


def _relapse(case: Case, basis: Basis, treatment: Treatment) -> tuple[str | None, tuple[FollowUp, ...]]:
    """Whether the pain is said to have come back; imaging says nothing about it."""
    said: list[FollowUp] = []
    for visit in case.all(FollowUp):
        if visit.pain_relapse not in ("yes", "no"):
            continue
        if visit.visit_date is not None:
            day = Moment.of(visit.visit_date).day
            if day > basis.cutoff.toordinal() or (treatment.start is not None and day < treatment.start.day):
                continue
        said.append(visit)
    came_back = [visit for visit in said if visit.pain_relapse == "yes"]
    return ("yes" if came_back else "no" if said else None), tuple(came_back or said)


OUTCOME = Outcome(
    id="RESPNARR",
    version=1,
    title="Narrative response",
    definition="Best description of the index pain after the start of treatment, in six steps from "
    "resolved to worse; PR_assisted where words and opioid doses together show at least a partial "
    "response.",
    source="registry decision",
    derive=_derive,
    uses_opioid_table=True,
)

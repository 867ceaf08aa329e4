"""Net pain relief: the share of the remaining life, from the index treatment on, that was spent in response.

    NPR = days in response, all spells after all treatments / days from treatment to death or last contact

Published for bone metastases: 64 % (van der Velden et al. 2018). A response is taken to last until relapse,
re-irradiation or the end of observation; ``share_lo`` counts it only as far as an assessment shows it. Days
count as in response only when every treated side is.
"""

from collections.abc import Iterator
from functools import reduce

from registry.domain.case import Case
from registry.domain.forms.form import Form
from registry.domain.outcomes.intervals import Stretch, common, length, union
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.remembered import remembered
from registry.domain.outcomes.response_course import inputs_of, response_courses
from registry.domain.outcomes.response_spell import spells
from registry.domain.outcomes.treatment import index_treatment
from registry.domain.outcomes.vital_status import life

REASONS = ("no_treatment_date", "no_death_date", "no_last_contact", "no_time", "never_evaluable")


def days_in_response(case: Case, basis: Basis, end: int, carried: bool) -> list[Stretch]:
    """Days on which every treated side was in response, up to ``end`` (ordinal).

    ``carried`` lets a response last until something ends it; otherwise it ends with its last assessment.
    """
    by_side: dict[str, list[Stretch]] = {}
    for course, mine in spells(case, basis):
        if course.treatment.start is None:
            continue
        until = min(end, course.reirradiated_on or end)
        stretches = by_side.setdefault(course.side, [])
        for spell in mine:
            over = until if spell.ended_on is None else min(spell.ended_on, until)
            stretches.append((spell.first.day, over if carried else min(spell.last.day + 1, end)))
    sides = [union(stretches) for stretches in by_side.values()]
    return reduce(common, sides) if sides else []


@remembered
def course_inputs(case: Case, basis: Basis) -> tuple[Form, ...]:
    """The records behind every course: treatment, baseline, every assessment, and what ended a response."""
    found: dict[int, Form] = {}
    for course, mine in spells(case, basis):
        ends = [spell.end_record for spell in mine if spell.end_record is not None]
        seen = [form for one in (None, *course.judged) for form in inputs_of(course, one)]
        found.update((id(form), form) for form in (*seen, *ends))
    return tuple(found.values())


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    treatment, known = index_treatment(case, basis), life(case, basis)
    if treatment is None or not treatment.sides:
        return
    inputs = (treatment.record, *known.shown_by, *course_inputs(case, basis))
    if treatment.start is None or known.end is None:
        reason = "no_treatment_date" if treatment.start is None else known.reason
        text = "The share of life in response is unknown: its beginning or its end is not dated."
        yield Derived("", None, text, reason, inputs=inputs)
        return
    total = known.end - treatment.start.day
    if total <= 0:
        yield Derived(
            "", None, "No time was observed after the start of treatment.", "no_time", inputs=inputs
        )
        return
    if all(one.category is None for course in response_courses(case, basis) for one in course.judged):
        text = "The share of life in response is unknown: no assessment after treatment can be judged."
        yield Derived("", None, text, "never_evaluable", inputs=inputs)
        return
    days = length(days_in_response(case, basis, known.end, carried=True))
    shown = length(days_in_response(case, basis, known.end, carried=False))
    until = "death" if known.died else "the end of observation"
    text = f"In response on {days} of the {total} days from treatment to {until} ({days / total:.0%})."
    value = {
        "days_in_response": days,
        "days": total,
        "share": days / total,
        "share_lo": min(days, shown) / total,
    }
    yield Derived("", value, text, inputs=inputs)


OUTCOME = Outcome(
    id="NPR",
    version=1,
    title="Net pain relief",
    definition="Days in response divided by days from the start of the index treatment to death or "
    "last contact.",
    source="van der Velden et al. 2018; carrying forward and bounds: registry decisions",
    derive=_derive,
    uses_opioid_table=True,
)

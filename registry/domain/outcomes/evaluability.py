"""Why a window has no response: one reason, the first that applies in a fixed order.

    died_before_window          the patient died before an assessment in the window
    reirradiated_before_window  the side was irradiated again before it
    withdrew                    consent to collection was withdrawn before it
    too_ill                     bedbound (ECOG 4, or KPS or PPS 20 or less) in the window, or sedated before
                                its end
    lost                        not heard of since before its end, and recorded as lost
    no_treatment_date           the end (or start) of treatment is not known, so there is no window
    pending                     the window is not over at the cut-off
    missed                      alive, nothing assessed
    missing_nrs, missing_omedd, methadone_or_neuraxial_flag, no_baseline
                                assessed, but pain or dose of either day is unknown or not computable
    pain_flare                  worse pain within 10 days of the start of radiotherapy

The order follows the consensus on who leaves the assessable patients first. How illness is read from the
records, and the places of ``pending``, ``no_treatment_date`` and ``pain_flare``, are registry decisions:
what is known about a patient comes before what is merely not yet known.
"""

from typing import NamedTuple

from registry.domain.case import Case
from registry.domain.forms.form import Form
from registry.domain.forms.function import Function
from registry.domain.outcomes.confounders import changes
from registry.domain.outcomes.judgement import PAIN_FLARE
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.response_course import Course
from registry.domain.outcomes.vital_status import life

REASONS = (
    "died_before_window",
    "reirradiated_before_window",
    "withdrew",
    "too_ill",
    "lost",
    "no_treatment_date",
    "pending",
    "missed",
    "missing_nrs",
    "missing_omedd",
    "methadone_or_neuraxial_flag",
    "no_baseline",
    PAIN_FLARE,
)
SENTENCES = {
    "died_before_window": "the patient died before the assessment",
    "reirradiated_before_window": "the side was irradiated again before the assessment",
    "withdrew": "consent was withdrawn before the assessment",
    "too_ill": "the patient was too ill",
    "lost": "the patient was lost to follow-up",
    "no_treatment_date": "the dates of treatment are not recorded",
    "pending": "the time of assessment is not over at the cut-off",
    "missed": "no assessment was made",
    "missing_nrs": "the worst pain was not scored",
    "missing_omedd": "the opioid dose of the assessment or of the baseline is unknown",
    "methadone_or_neuraxial_flag": "methadone, a neuraxial opioid or mixed buprenorphine has no fixed "
    "equivalent",
    "no_baseline": "there is no baseline pain to compare with",
    PAIN_FLARE: "worse pain within ten days of the start of radiotherapy is a flare",
}

BEDBOUND_ECOG, BEDBOUND_PERCENT = 4, 20


class Missing(NamedTuple):
    """The reason and the records that show it."""

    reason: str
    records: tuple[Form, ...] = ()


def first_reason(reasons: list[str]) -> str:
    """Of the reasons of several sides, the one that comes first in the order."""
    return min(reasons, key=REASONS.index)


def why_not_assessed(case: Case, basis: Basis, course: Course, first: int, last: int) -> Missing:
    """Why nothing was assessed from the ``first`` to the ``last`` day (ordinals)."""
    known, cutoff = life(case, basis), basis.cutoff.toordinal()
    if known.died and known.death is not None and known.death.day <= last:
        return Missing("died_before_window", known.shown_by)
    again = course.reirradiated_on
    if again is not None and again <= last and course.reirradiated is not None:
        return Missing("reirradiated_before_window", (course.reirradiated.record,))
    if known.withdrawn is not None and known.withdrawn.day <= last:
        return Missing("withdrew", (known.withdrawn.record,))
    ill = _too_ill(case, basis, first, min(last, cutoff))
    if ill is not None:
        return Missing("too_ill", (ill,))
    if known.censoring == "lost" and known.end is not None and known.end <= last:
        return Missing("lost", known.shown_by)
    return Missing("pending" if cutoff < last else "missed")


def why_no_window(case: Case, basis: Basis, course: Course, earliest: int) -> Missing:
    """Why a window that cannot be placed has no response; it cannot open before the ``earliest`` day."""
    known = life(case, basis)
    if course.treatment.start is None:
        return Missing("no_treatment_date")
    if known.died and known.death is not None and known.death.day < earliest:
        return Missing("died_before_window", known.shown_by)
    if course.reirradiated_on is not None and course.reirradiated is not None:
        return Missing("reirradiated_before_window", (course.reirradiated.record,))
    return Missing("no_treatment_date")


def _too_ill(case: Case, basis: Basis, first: int, last: int) -> Form | None:
    for change in changes(case):
        if change.kind == "palliative_sedation" and change.day <= last:
            return change.record
    for function in case.all(Function):
        if (
            function.assess_date is not None
            and first <= Moment.of(function.assess_date).day <= last
            and _bedbound(function)
        ):
            return function
    return None


def _bedbound(function: Function) -> bool:
    percent = [score for score in (function.kps, function.pps) if score is not None]
    return function.ecog == BEDBOUND_ECOG or any(score <= BEDBOUND_PERCENT for score in percent)

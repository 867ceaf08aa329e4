"""The worst index pain of one side over time: the measurements a response is read from.

Counted are scores of the pain attributed to the psoas lesion, looking back on 24 hours. Midline pain, and
pain whose side is not given, counts for every side. Where several places were scored on one day, the place
named as the index site decides, otherwise the worst score. A range or a visual analogue scale is no score.
Registry decisions.
"""

from dataclasses import dataclass

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.symptoms import Symptoms
from registry.domain.forms.time import Offset
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.treatment import Treatment
from registry.domain.outcomes.vital_status import life


@dataclass(frozen=True, slots=True)
class Measurement:
    """One assessment of the index pain on the time axis of a treatment.

    day     ordinal; for a treatment without dates, days from its start
    nrs     worst pain of the last 24 hours, None when it was not scored
    dated   False when the day was stated as an offset
    vague   the date is known to the month or year only
    """

    day: int
    nrs: int | None
    record: PainAssessment
    dated: bool = True
    vague: bool = False


def index_pain(case: Case, basis: Basis, treatment: Treatment, side: str) -> tuple[Measurement, ...]:
    """Measurements of a side in order of time, up to the cut-off and to a withdrawal."""
    known = life(case, basis)
    horizon = known.withdrawn.day if known.withdrawn else basis.cutoff.toordinal()
    by_day: dict[int, list[Measurement]] = {}
    for record in case.all(PainAssessment):
        if record.index_or_nonindex != "index" or record.recall != "24h":
            continue
        if record.episode_no != treatment.episode_no or record.site_side not in (side, "midline", None):
            continue
        found = _placed(record, treatment)
        if found is not None and (treatment.start is None or found.day <= horizon):
            by_day.setdefault(found.day, []).append(found)
    if not by_day:
        return ()
    if all(len(same) == 1 for same in by_day.values()):
        return tuple(by_day[day][0] for day in sorted(by_day))
    site = _index_site(case, treatment, side)
    return tuple(_of_the_day(by_day[day], site) for day in sorted(by_day))


def _placed(record: PainAssessment, treatment: Treatment) -> Measurement | None:
    if record.assess_date is not None:
        if treatment.start is None:
            return None  # a date says nothing about the distance from a treatment without one
        moment = Moment.of(record.assess_date)
        return Measurement(moment.day, record.nrs_worst, record, vague=bool(moment.imputed))
    day = offset_day(record.at, treatment)
    return None if day is None else Measurement(day, record.nrs_worst, record, dated=False)


def offset_day(at: Offset | None, treatment: Treatment) -> int | None:
    """The day of a stated offset on the treatment's time axis, where it is counted from the treatment."""
    if at is None:
        return None
    start = treatment.start.day if treatment.start else 0
    if at.origin == "treatment_start":
        return start + round(at.days)
    end = end_day(treatment)
    return None if at.origin != "treatment_end" or end is None else end + round(at.days)


def end_day(treatment: Treatment) -> int | None:
    """The last day of treatment on its own time axis."""
    if treatment.end is not None:
        return treatment.end.day
    at = treatment.record.end_at
    if at is None or at.origin != "treatment_start":
        return None
    return (treatment.start.day if treatment.start else 0) + round(at.days)


def _index_site(case: Case, treatment: Treatment, side: str) -> str | None:
    for symptoms in case.all(Symptoms):
        if symptoms.episode_no == treatment.episode_no and symptoms.side in (side, None):
            return symptoms.index_pain_site
    return None


def _of_the_day(same: list[Measurement], site: str | None) -> Measurement:
    """The measurement that speaks for a day."""
    named = [one for one in same if one.record.pain_site == site] if site else []
    return max(named or same, key=lambda one: (-1 if one.nrs is None else one.nrs, one.record.key))

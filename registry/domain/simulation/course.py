"""The latent course of one patient: what happens, whether or not a hospital records it.

A patient belongs to the cohort only if still alive at enrolment, so survival from onset is left-truncated by
design: the delays and the death are drawn until the death is later than the enrolment. Treatment and response
come after enrolment. Days are whole; a death at time t falls on day ceil(t), which makes the probability of
living beyond day d exactly the stated survival at d.
"""

import math
from typing import Literal, NamedTuple

from registry.domain.dates import DAYS_PER_MONTH
from registry.domain.simulation.site import Site
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.truth import Arm, Truth

Ending = Literal["death", "lost", "withdrawn", "end"]

FIRST_RESPONSE_DAY = 5


class Course(NamedTuple):
    """What happens to a patient. Days are ordinals (``date.toordinal``).

    treatment  first day of the index treatment; None: supportive care, or gone before it began
    response   day on which the pain is eased by it, under observation; None: never
    relapse    day on which that ends; it may lie beyond the exit; None: never
    exit       last day under observation: that of death, loss, withdrawal, or of the simulation
    ending     which of these
    """

    arm: Arm
    onset: int
    diagnosis: int
    enrolment: int
    treatment: int | None
    response: int | None
    relapse: int | None
    exit: int
    ending: Ending

    @property
    def death(self) -> int | None:
        """Day of death, where it happened under observation."""
        return self.exit if self.ending == "death" else None

    def responding(self, day: int) -> bool:
        """Whether the pain is eased on a day."""
        return self.response is not None and self.response <= day and not self.relapsed(day)

    def relapsed(self, day: int) -> bool:
        """Whether the pain has come back by a day."""
        return self.relapse is not None and self.relapse <= day


def draw_course(chance: Stream, truth: Truth, site: Site, last_day: int) -> Course:
    """The course of one patient of a site; nothing happens after ``last_day``."""
    to_diagnosis, to_enrolment, fate = _enrolled(chance, truth, site)
    onset = last_day - 1 - chance.below(truth.recruitment_days) - to_enrolment
    arm = _arm(chance, truth)
    to_treatment = _treatment(chance, truth, onset + to_enrolment) - onset
    to_response = _response(chance, truth, arm, site, to_treatment)
    lasts = math.ceil(min(_months(chance, truth.relapse_per_month), 1e6))

    dies = math.ceil(truth.hazard.day_of(fate))
    if to_response is not None and to_response < dies:
        dies = math.ceil(_death_after_response(truth, fate, to_response))
    else:
        to_response = None  # on the day of death it would come too late: death was rounded up to that day
    ends: tuple[tuple[float, Ending], ...] = (
        (dies, "death"),
        (to_enrolment + _months(chance, truth.lost_per_month), "lost"),
        (to_enrolment + _months(chance, truth.withdrawn_per_month), "withdrawn"),
        (last_day - onset, "end"),
    )
    until, ending = min(ends, key=_when)
    leaves = math.ceil(until)
    treated = (arm.radiotherapy or arm.systemic) and to_treatment < leaves
    response = None if to_response is None or to_response > leaves else onset + to_response
    return Course(
        arm=arm,
        onset=onset,
        diagnosis=onset + to_diagnosis,
        enrolment=onset + to_enrolment,
        treatment=onset + to_treatment if treated else None,
        response=response,
        relapse=None if response is None or not truth.relapse_per_month else response + lasts,
        exit=onset + leaves,
        ending=ending,
    )


def _enrolled(chance: Stream, truth: Truth, site: Site) -> tuple[int, int, float]:
    """Days from onset to diagnosis and enrolment, and the cumulative hazard at which the patient dies."""
    while True:
        diagnosis = int(chance.wait(truth.diagnosis_lag_days))
        enrolment = diagnosis + int(chance.wait(truth.enrolment_lag_days))
        fate = chance.wait(1.0) / site.hazard_ratio
        if fate > truth.hazard.cumulative(enrolment):
            return diagnosis, enrolment, fate


def _arm(chance: Stream, truth: Truth) -> Arm:
    aim = chance.random()
    for arm in truth.arms:
        aim -= arm.share
        if aim < 0:
            return arm
    return truth.arms[-1]


def _treatment(chance: Stream, truth: Truth, enrolment: int) -> int:
    """First day of treatment; drawn for the untreated too, so that arms differ in nothing else."""
    day = enrolment + 1 + chance.below(truth.treatment_within_days)
    weekday = (day + 6) % 7  # 0 is Monday
    return day if weekday < 5 else day + 7 - weekday


def _response(chance: Stream, truth: Truth, arm: Arm, site: Site, treatment: int) -> int | None:
    """Day since onset on which the patient responds if still alive then; None for who would never."""
    aim = chance.random()
    day = treatment + FIRST_RESPONSE_DAY + int(chance.wait(truth.response_lag_days))
    if not 0 < arm.response < 1:
        return day if arm.response else None
    odds = arm.response / (1 - arm.response) * math.exp(site.response_logit)
    return day if aim < odds / (1 + odds) else None


def _death_after_response(truth: Truth, fate: float, response: int) -> float:
    before = truth.hazard.cumulative(response)
    return truth.hazard.day_of(before + (fate - before) / truth.response_hazard_ratio)


def _months(chance: Stream, rate_per_month: float) -> float:
    """Days until an event with this hazard a month; never for 0."""
    return chance.wait(DAYS_PER_MONTH / rate_per_month if rate_per_month else math.inf)


def _when(end: tuple[float, Ending]) -> float:
    return end[0]

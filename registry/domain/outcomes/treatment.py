"""The treatments of the syndrome: courses of radiotherapy and of systemic therapy against it.

A course counts when it was given for the index pain or is marked as the index treatment. Surgery and
interventions are no treatments in this sense: they confound a response.
"""

from dataclasses import dataclass
from typing import Literal

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.outcomes.moment import Moment, moment
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.remembered import remembered

Kind = Literal["radiotherapy", "systemic"]
BOTH_SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Treatment:
    """One course against the syndrome.

    id          the site's name of the course, ``RT-1``
    sides       sides of the syndrome it was given for
    start, end  first and last day of treatment, where they are dated
    index       it is the treatment from which the response of the episode is counted
    """

    kind: Kind
    id: str
    record: Radiotherapy | SystemicTherapy
    episode: MpsEpisode | None
    episode_no: int
    sides: tuple[str, ...]
    start: Moment | None
    end: Moment | None
    index: bool

    @property
    def words(self) -> str:
        """The treatment as a sentence names it."""
        return "radiotherapy" if self.kind == "radiotherapy" else "systemic therapy"


@remembered
def treatments(case: Case, basis: Basis) -> tuple[Treatment, ...]:
    """Courses against the syndrome that began by the cut-off, in order of their first day; undated ones
    last."""
    episodes = {episode.episode_no: episode for episode in case.all(MpsEpisode)}
    cutoff = basis.cutoff.toordinal()
    found = [
        _radiotherapy(course, episodes.get(course.episode_no or 1))
        for course in case.all(Radiotherapy)
        if _for_the_syndrome(course) and course.completed != "not_started" and begun(course.start, cutoff)
    ] + [
        _systemic(course, episodes.get(course.episode_no or 1))
        for course in case.all(SystemicTherapy)
        if _for_the_syndrome(course) and course.status == "given" and begun(course.c1d1, cutoff)
    ]
    found.sort(key=lambda one: (one.start.day if one.start else _LAST, one.kind, one.id))
    return tuple(found)


_LAST = 10**9  # behind every ordinal


@remembered
def index_treatment(case: Case, basis: Basis) -> Treatment | None:
    """The first index treatment; where none is marked, the first course given for the index pain."""
    given = treatments(case, basis)
    return next((one for one in given if one.index), given[0] if given else None)


def _for_the_syndrome(course: Radiotherapy | SystemicTherapy) -> bool:
    return course.index_treatment is True or course.indication == "mps_index_pain"


def begun(start: PartialDate | None, cutoff: int) -> bool:
    """Whether a treatment had begun by the cut-off (ordinal); an undated one had."""
    return start is None or Moment.of(start).day <= cutoff


def _radiotherapy(course: Radiotherapy, episode: MpsEpisode | None) -> Treatment:
    affected = _sides(episode.side if episode else None)
    target = _sides(course.target_volume.side if course.target_volume else None)
    return Treatment(
        kind="radiotherapy",
        id=course.rt_id,
        record=course,
        episode=episode,
        episode_no=course.episode_no or 1,
        # A target on the other side opens a query; until then the response is looked for where the pain is.
        sides=tuple(side for side in affected if side in target) or affected or target,
        start=moment(course.start),
        end=moment(course.end),
        index=course.index_treatment is True,
    )


def _systemic(course: SystemicTherapy, episode: MpsEpisode | None) -> Treatment:
    return Treatment(
        kind="systemic",
        id=course.therapy_id,
        record=course,
        episode=episode,
        episode_no=course.episode_no or 1,
        sides=_sides(episode.side if episode else None),
        start=moment(course.c1d1),
        end=moment(course.last_dose_date),
        index=course.index_treatment is True,
    )


def _sides(side: str | None) -> tuple[str, ...]:
    """The sides an answer names: none for midline or no answer."""
    if side in BOTH_SIDES:
        return (side,)
    return BOTH_SIDES if side == "bilateral" else ()

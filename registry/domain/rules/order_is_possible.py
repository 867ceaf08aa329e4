"""E22: birth, onset, diagnosis and death can be put in this order."""

from collections.abc import Iterator
from itertools import pairwise

from registry.domain.case import Case
from registry.domain.dates import PartialDate, tighten
from registry.domain.forms.death import Death
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient, death = case.one(Patient), case.one(Death)
    born = patient.birth if patient is not None else None
    died = death.death_date if death is not None else None
    for episode in case.all(MpsEpisode):
        onset, diagnosis = episode.mps_onset, episode.mps_dx_date
        if _impossible([born, onset, diagnosis, died]):
            values = {"birth": born, "onset": onset, "diagnosis": diagnosis, "death": died}
            yield Hit(episode, "mps_onset", values)


def _impossible(chain: list[PartialDate | None]) -> bool:
    known = [date for date in chain if date is not None]
    if all(date.exact for date in known):
        return False  # days that are known are compared two by two (E01 to E03)
    if all(a.hi <= b.lo for a, b in pairwise(known)):
        return False  # the usual case: nothing overlaps, nothing to tighten
    return any(bounds is not None and not bounds.possible for bounds in tighten(chain))


RULE = Rule(
    id="E22",
    version=1,
    severity="reject",
    title="Birth, onset, diagnosis, death in order",
    sentence="There is at least one way to complete the partial dates so that birth, onset of the "
    "syndrome, its diagnosis and death follow one another.",
    message="However the partial dates are completed, these cannot follow one another: birth {birth}, "
    "onset {onset}, diagnosis {diagnosis}, death {death}. Correct the one that is wrong.",
    why="Each date tightens the bounds of its neighbours; when nothing is left between the bounds of one, "
    "some date is wrong and no interval can be counted. Registry decision.",
    fields=("patient.birth", "mps_episode.mps_onset", "mps_episode.mps_dx_date", "death.death_date"),
    good=(
        {
            "patient": {"birth": "1960"},
            "mps_episode": [{"mps_onset": "2023", "mps_dx_date": "2023-09-10"}],
            "death": {"death_date": "2023"},
        },
        {"mps_episode": [{"mps_onset": "2023"}], "death": {"death_date": "2023-01-01"}},
    ),
    bad=(
        {"mps_episode": [{"mps_onset": "2023-10", "mps_dx_date": "2023-09-10"}]},
        {"mps_episode": [{"mps_onset": "2024"}], "death": {"death_date": "2023-12-31"}},
    ),
    check=check,
)

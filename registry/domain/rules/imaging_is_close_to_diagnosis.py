"""Q42: the imaging that shows the involvement was done within two months of the diagnosis."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    limit = context.limits.imaging_to_diagnosis_d
    for episode in case.all(MpsEpisode):
        diagnosis, studies = episode.mps_dx_date, episode.imaging
        if diagnosis is None or not studies or any(study.date is None for study in studies):
            continue
        days = [_apart(study.date, diagnosis) for study in studies if study.date is not None]
        nearest = min(range(len(days)), key=days.__getitem__)
        if days[nearest] > limit:
            values = {
                "imaging": studies[nearest].date,
                "diagnosis": diagnosis,
                "days": days[nearest],
                "limit": limit,
            }
            yield Hit(episode, f"imaging/{nearest}/date", values)


def _apart(a: PartialDate, b: PartialDate) -> int:
    """Fewest days that can lie between the two, in either order."""
    return max(0, (a.lo - b.hi).days, (b.lo - a.hi).days)


RULE = Rule(
    id="Q42",
    version=1,
    severity="query",
    title="Imaging is close to the diagnosis",
    sentence="At least one imaging study was done within 60 days of the diagnosis of the syndrome.",
    message="The study nearest to the diagnosis on {diagnosis} is that of {imaging}: at least {days} "
    "days apart, more than {limit}. Send the study on which the diagnosis rests, or correct one of "
    "the dates.",
    why="Imaging that is months away does not show the state in which the criteria were met. "
    "Registry decision.",
    fields=("mps_episode.imaging.date", "mps_episode.mps_dx_date"),
    good=(
        {"mps_episode": [{"mps_dx_date": "2025-03-01", "imaging": [{"date": "2025-02-20"}]}]},
        {
            "mps_episode": [
                {"mps_dx_date": "2025-03-01", "imaging": [{"date": "2024-06-01"}, {"date": "2025-03"}]}
            ]
        },
        {"mps_episode": [{"mps_dx_date": "2025-03-01", "imaging": [{"modality": "CT"}]}]},
    ),
    bad=({"mps_episode": [{"mps_dx_date": "2025-03-01", "imaging": [{"date": "2024-09-30"}]}]},),
    check=check,
)

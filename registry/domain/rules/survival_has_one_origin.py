"""Q24: survival is counted from one event (TIME_ORIGIN_CONFLICT)."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import certainly_after, days_between
from registry.domain.forms.death import Death
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.outcomes.vital_status import first_episode
from registry.domain.rules.rule import Context, Hit, Rule

UNITS = {"d": "day", "wk": "week", "mo": "month", "a": "year"}


def check(case: Case, context: Context) -> Iterator[Hit]:
    death = case.one(Death)
    stated = death.published_survival if death is not None else None
    if stated is None or len(set(stated.origins)) < 2:
        return
    origins = " and from ".join(origin.replace("_", " ") for origin in dict.fromkeys(stated.origins))
    values = {"code": "TIME_ORIGIN_CONFLICT", "months": f"{stated.months:g}", "origins": origins}
    yield Hit(death, "published_survival/origins", {**values, "evidence": _evidence(case)})


def _evidence(case: Case) -> str:
    """What the record itself says of the time between onset and diagnosis."""
    episode = first_episode(case)
    if episode is None:
        return "Both hold only if these events fell on one day."
    onset, diagnosis, at = episode.mps_onset, episode.mps_dx_date, episode.onset_at
    if onset is not None and diagnosis is not None and certainly_after(diagnosis, onset):
        days = days_between(onset, diagnosis)[0]
        return f"From onset {onset} to diagnosis {diagnosis} are at least {days} days, so both cannot hold."
    if at is not None and at.value < 0 and at.origin in ("presentation", "admission", "mps_diagnosis"):
        origin, plural = at.origin.replace("_", " "), "" if at.value == -1 else "s"
        least = " or more" if at.relation in ("at_most", "less_than") else ""
        before = f"{-at.value:g} {UNITS[at.unit]}{plural}{least} before {origin}"
        return f"The onset lies {before}, and so before the diagnosis: equal durations are impossible."
    return _note(case, episode)


def _note(case: Case, episode: MpsEpisode) -> str:
    """The words of a publication; those of a hospital may identify a patient and are not repeated."""
    patient = case.one(Patient)
    if episode.onset_note and patient is not None and patient.source_type == "literature":
        words = episode.onset_note.rstrip(". ")
        return (
            f'The source says of the onset: "{words}"; both hold only if onset and diagnosis fell on one day.'
        )
    return "Both hold only if these events fell on one day."


RULE = Rule(
    id="Q24",
    version=1,
    severity="query",
    title="Survival has one origin",
    sentence="Survival is counted from one event, which the source names.",
    message="The same {months} months of survival are counted from {origins}. {evidence} Say which "
    "origin is meant; until then it is stored as disputed and left out of survival from onset, and "
    "the case out of the primary analysis.",
    why="Takamatsu et al. 2018 give 8 and 7 months from symptom onset in the case reports and from "
    "diagnosis in the discussion, while the symptoms began before the diagnosis in both.",
    fields=(
        "death.published_survival",
        "mps_episode.mps_onset",
        "mps_episode.mps_dx_date",
        "mps_episode.onset_at",
        "mps_episode.onset_note",
    ),
    good=(
        {"death": {"published_survival": {"months": 8, "origins": ["symptom_onset"]}}},
        {"death": {"death_date": "2025-03-01"}},
    ),
    bad=(
        {
            "mps_episode": [
                {
                    "onset_at": {
                        "value": -1,
                        "unit": "mo",
                        "origin": "presentation",
                        "relation": "at_most",
                    }
                }
            ],
            "death": {"published_survival": {"months": 8, "origins": ["symptom_onset", "mps_diagnosis"]}},
        },
        {"death": {"published_survival": {"months": 7, "origins": ["symptom_onset", "mps_diagnosis"]}}},
        {
            "mps_episode": [{"mps_onset": "2024-03", "mps_dx_date": "2024-05-02"}],
            "death": {"published_survival": {"months": 8, "origins": ["symptom_onset", "mps_diagnosis"]}},
        },
    ),
    check=check,
    blocking=True,
)

"""Q43: in fever or inflammation an abscess of the psoas is excluded."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        excluded = episode.differentials_excluded
        if excluded is None or "abscess" in excluded:
            continue
        crp = episode.crp_mg_l
        if episode.fever or (crp is not None and crp > context.limits.crp_raised_mg_l):
            fever = {True: "yes", False: "no", None: None}[episode.fever]
            measured = None if crp is None else f"{crp:g} mg/L"
            yield Hit(episode, "differentials_excluded", {"fever": fever, "crp": measured})


RULE = Rule(
    id="Q43",
    version=1,
    severity="query",
    title="Abscess is excluded in fever",
    sentence="In a patient with fever or a raised C-reactive protein an abscess of the psoas is excluded.",
    message="Fever: {fever}; C-reactive protein: {crp}; an abscess is not among the diagnoses that "
    "were excluded. Say whether it was, and how.",
    why="A psoas abscess imitates the syndrome and the reverse has been published (Gunn & Fani "
    "2021). The limit of 10 mg/L is a registry decision.",
    fields=("mps_episode.differentials_excluded", "mps_episode.fever", "mps_episode.crp_mg_l"),
    good=(
        {"mps_episode": [{"fever": True, "crp_mg_l": 80, "differentials_excluded": ["abscess"]}]},
        {"mps_episode": [{"fever": False, "crp_mg_l": 4, "differentials_excluded": ["none"]}]},
        {"mps_episode": [{"fever": True}]},
    ),
    bad=(
        {"mps_episode": [{"fever": True, "differentials_excluded": ["haematoma"]}]},
        {"mps_episode": [{"crp_mg_l": 120.0, "differentials_excluded": ["none"]}]},
    ),
    check=check,
)

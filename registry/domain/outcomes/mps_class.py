"""How certain the diagnosis of malignant psoas syndrome is, from its three criteria.

C1 proximal lumbosacral plexopathy (deficit or pain alone), C2 painful fixed flexion of the hip (fixed, or a
positive stretch test), C3 malignant involvement of the psoas (imaging, pathology or both; suspected does not
count). Stevens & Gonet 1990; Agar et al. 2004. The classes are a registry decision:

    definite               C1 and C2 and C3
    probable               C3 and exactly one of C1 and C2, or C3 and pain on active flexion only
    possible               C1 and C2 without C3
    psoas_metastasis_only  C3 alone
    not_mps                anything else, and hip flexion failure without painful fixation
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.outcomes.flexion_failure import flexion_failure
from registry.domain.outcomes.outcome import Basis, Derived, Outcome

CLASSES = ("definite", "probable", "possible", "psoas_metastasis_only", "not_mps")
REASONS = ("missing_criteria",)

_WORDS = {
    "definite": "Definite malignant psoas syndrome",
    "probable": "Probable malignant psoas syndrome",
    "possible": "Possible malignant psoas syndrome",
    "psoas_metastasis_only": "Malignant involvement of the psoas without the syndrome",
    "not_mps": "Not malignant psoas syndrome",
}


def mps_class(episode: MpsEpisode) -> str:
    """The class of an episode; a criterion that is null or not examined is not met."""
    c1 = episode.crit_plexopathy in ("yes_objective", "yes_pain_only")
    c2 = episode.crit_fixed_flexion in ("fixed", "stretch_positive")
    active_only = episode.crit_fixed_flexion == "pain_on_active_flexion_only"
    c3 = episode.crit_involvement in ("imaging", "pathology", "both")
    if flexion_failure(episode):
        return "not_mps"
    if c3:
        if c1 and c2:
            return "definite"
        return "probable" if c1 or c2 or active_only else "psoas_metastasis_only"
    return "possible" if c1 and c2 else "not_mps"


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    for episode in case.all(MpsEpisode):
        answers = (episode.crit_plexopathy, episode.crit_fixed_flexion, episode.crit_involvement)
        subject = str(episode.episode_no)
        if all(answer is None for answer in answers):
            text = "The diagnosis cannot be classed: none of the three criteria is recorded."
            yield Derived(subject, None, text, "missing_criteria", inputs=(episode,))
            continue
        found = mps_class(episode)
        shown = [(answer or "not recorded").replace("_", " ") for answer in answers]
        text = (
            f"{_WORDS[found]}: plexopathy {shown[0]}, painful fixed flexion {shown[1]}, "
            f"involvement of the psoas {shown[2]}."
        )
        flags = ("criteria_incomplete",) if None in answers or "not_examined" in answers else ()
        yield Derived(subject, {"class": found}, text, None, flags, (episode,))


OUTCOME = Outcome(
    id="MPSCLASS",
    version=1,
    title="Certainty of the diagnosis",
    definition="definite, probable, possible, psoas_metastasis_only or not_mps, from the three "
    "criteria of the episode.",
    source="Stevens & Gonet 1990; Agar et al. 2004; classes: registry decision",
    derive=_derive,
)

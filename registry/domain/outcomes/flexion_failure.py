"""Malignant hip flexion failure syndrome: the label that keeps a mimic out of malignant psoas syndrome.

Tumour near the origin or insertion of the psoas weakens flexion without fixing the hip in painful flexion;
the patient lifts the leg with both hands (IT sign). Ishikawa et al. 2024: 6 of 291 patients with palliative
radiotherapy, beside 11 with malignant psoas syndrome.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.outcomes.outcome import Basis, Derived, Outcome


def flexion_failure(episode: MpsEpisode) -> bool:
    """True when hip flexion failure is recorded and the hip is not painfully fixed."""
    return episode.mhffs == "yes" and episode.crit_fixed_flexion not in ("fixed", "stretch_positive")


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    for episode in case.all(MpsEpisode):
        if episode.mhffs in ("yes", "no"):
            failure = flexion_failure(episode)
            text = "Malignant hip flexion failure syndrome: weak flexion of the hip without painful fixation."
            if not failure:
                fixed = episode.mhffs == "yes"
                text = (
                    "Flexion failure is recorded, but the hip is painfully fixed."
                    if fixed
                    else "No flexion failure."
                )
            flags = ("it_sign",) if episode.it_sign == "yes" else ()
            yield Derived(
                str(episode.episode_no), {"flexion_failure": failure}, text, None, flags, (episode,)
            )


OUTCOME = Outcome(
    id="MHFFS",
    version=1,
    title="Malignant hip flexion failure syndrome",
    definition="Flexion failure recorded and the hip neither fixed in flexion nor painful on stretch; "
    "else no.",
    source="Ishikawa et al. 2024 (Cureus 16(8):e67343)",
    derive=_derive,
)

"""The outcomes of the registry, in the order in which a case is read."""

from registry.domain.outcomes import flexion_failure, mps_class, survival
from registry.domain.outcomes.outcome import Outcome

OUTCOMES: tuple[Outcome, ...] = (
    mps_class.OUTCOME,
    flexion_failure.OUTCOME,
    *survival.OUTCOMES,
)

OUTCOMES_BY_ID: dict[str, Outcome] = {outcome.id: outcome for outcome in OUTCOMES}

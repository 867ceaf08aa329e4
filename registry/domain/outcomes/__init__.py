"""The outcomes of the registry, in the order in which a case is read."""

from registry.domain.outcomes import (
    composite_response,
    cumulative_dose,
    days_out_of_hospital,
    duration_of_response,
    flexion_failure,
    functional_response,
    mps_class,
    narrative_response,
    net_benefit,
    opioid_dose,
    pain_control_days,
    radiotherapy_dose,
    share_of_life_on_radiotherapy,
    survival,
    symptom_response,
    time_to_response,
)
from registry.domain.outcomes.outcome import Outcome

OUTCOMES: tuple[Outcome, ...] = (
    mps_class.OUTCOME,
    flexion_failure.OUTCOME,
    *survival.OUTCOMES,
    opioid_dose.OUTCOME,
    radiotherapy_dose.OUTCOME,
    cumulative_dose.OUTCOME,
    symptom_response.OUTCOME,
    time_to_response.OUTCOME,
    duration_of_response.OUTCOME,
    narrative_response.OUTCOME,
    functional_response.OUTCOME,
    composite_response.OUTCOME,
    net_benefit.OUTCOME,
    pain_control_days.OUTCOME,
    days_out_of_hospital.OUTCOME,
    share_of_life_on_radiotherapy.OUTCOME,
)

OUTCOMES_BY_ID: dict[str, Outcome] = {outcome.id: outcome for outcome in OUTCOMES}

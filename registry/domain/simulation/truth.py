"""The truth a simulated cohort is drawn from: everything an estimate can be compared with is stated here.

The numbers of ``DEFAULT`` are chosen to look like the published patients (deaths within the first year, most
after radiotherapy), not estimated from them: they are a registry decision and no finding.
"""

from dataclasses import dataclass

from registry.domain.simulation.hazard import Hazard

WITHIN_A_YEAR = Hazard(((0, 0.05), (3, 0.09), (9, 0.10), (18, 0.06)))
"""Median about nine months."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment of the syndrome: how many get it, and how probably who lives long enough responds."""

    name: str
    share: float
    response: float
    radiotherapy: bool = False
    systemic: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of the simulated patients, and what becomes of it in the hands of the sites.

    The course of the illness:

    hazard                death since onset, the same for all but for the two ratios below
    response_hazard_ratio hazard after a response divided by that before it; 1: response does not prolong life
    diagnosis_lag_days    mean of the exponential time from onset to diagnosis, cut to whole days
    enrolment_lag_days    mean of the exponential time from diagnosis to enrolment, cut to whole days; only
                          who lives longer than both is enrolled: from onset, survival is left-truncated
    recruitment_days      enrolments are spread evenly over so many days before the end
    arms                  treatments with their shares (adding up to 1) and response probabilities
    treatment_within_days treatment starts 1 to so many days after enrolment, on Monday instead of a weekend
    response_lag_days     mean of the exponential time to response, which starts 5 days after the treatment
    complete_share        responses that take the pain away; the others ease it by 2 points or more
    relapse_per_month     hazard of losing the response; 0: it lasts
    lost_per_month        hazard of loss to follow-up since enrolment; 0: nobody is lost
    withdrawn_per_month   hazard of withdrawal of consent since enrolment; 0: nobody withdraws

    Differences between sites (standard deviations of normal effects; 0: none):

    site_hazard_sd        of the logarithm of the hazard
    site_response_sd      of the log odds of response
    site_missing_sd       of the logarithm of the share of missing values
    site_reporting_sd     of the logarithm of the reporting time

    What is recorded (shares are probabilities per place where it can happen):

    visit_weeks           weeks of the visits from treatment, or enrolment where there is none
    then_every_weeks      interval of the visits after those; None: no more
    reporting_days        mean of the exponential time from an event to its recording
    missed_visit          visits that do not take place
    missing               values left out, with a reason
    partial_onset         onsets known to the month only
    partial_death         deaths known to the month only
    corrected             visits with a wrong pain score, corrected later
    clarified             partial onsets for which the day is found out later
    wrong_patient         visits with an adverse event of another patient, withdrawn later
    late                  visit messages that arrive weeks after they were recorded
    sent_twice            messages that are sent a second time
    invalid               messages that are first sent with a mistake, and mended the same day
    mistakes              the kinds of mistakes made (``mistakes.MISTAKES``); None: all
    """

    hazard: Hazard = WITHIN_A_YEAR
    response_hazard_ratio: float = 1.0
    diagnosis_lag_days: float = 40.0
    enrolment_lag_days: float = 20.0
    recruitment_days: int = 1095
    arms: tuple[Arm, ...] = (
        Arm("radiotherapy", 0.52, 0.60, radiotherapy=True),
        Arm("systemic", 0.18, 0.45, systemic=True),
        Arm("radiotherapy and systemic", 0.12, 0.60, radiotherapy=True, systemic=True),
        Arm("supportive", 0.18, 0.0),
    )
    treatment_within_days: int = 12
    response_lag_days: float = 16.0
    complete_share: float = 0.3
    relapse_per_month: float = 0.12
    lost_per_month: float = 0.015
    withdrawn_per_month: float = 0.004

    site_hazard_sd: float = 0.0
    site_response_sd: float = 0.3
    site_missing_sd: float = 0.4
    site_reporting_sd: float = 0.4

    visit_weeks: tuple[int, ...] = (1, 2, 4, 8, 12)
    then_every_weeks: int | None = 4
    reporting_days: float = 4.0
    missed_visit: float = 0.08
    missing: float = 0.05
    partial_onset: float = 0.15
    partial_death: float = 0.03
    corrected: float = 0.03
    clarified: float = 0.5
    wrong_patient: float = 0.01
    late: float = 0.03
    sent_twice: float = 0.02
    invalid: float = 0.02
    mistakes: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if abs(sum(arm.share for arm in self.arms) - 1) > 1e-9:
            raise ValueError("the shares of the arms add up to 1")


DEFAULT = Truth()

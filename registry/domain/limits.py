"""Plausibility limits: configuration with defaults, not truths.

A value outside one of these opens a query or adds a note; only ``omedd_refuse_mg_d`` sends a submission
back. The numbers are registry decisions or customary clinical maxima given from memory; the steering
committee may change them, with the version, which a report prints.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force. Doses are milligrams a day unless the name says otherwise."""

    version: str = "MPS-LIMITS-1"

    # The person
    age_min_a: float = 18  # younger patients exist; the query asks to confirm the birth
    age_max_a: float = 100
    height_min_cm: float = 50
    height_max_cm: float = 230
    weight_min_kg: float = 2
    weight_max_kg: float = 300
    egfr_low_ml_min: float = 30  # below it active metabolites of morphine and codeine accumulate
    prior_lines_max: int = 10

    # The syndrome
    onset_to_enrolment_d: float = 365.25  # median survival is months, so an older onset is unusual
    imaging_to_diagnosis_d: int = 60
    crp_raised_mg_l: float = 10
    survival_max_mo: float = 60

    # Pain and function
    baseline_d: int = 14  # a baseline is at most this old when treatment starts
    baseline_wait_d: int = 14  # after this many days a missing baseline is asked for
    baseline_worst_min: int = 2  # below it a fall of two points is impossible
    flare_d: int = 10  # worse pain this soon after the start of radiotherapy is a flare, not progression
    breakthrough_max_24h: int = 20
    ecog_0_karnofsky_min: int = 80
    ecog_4_karnofsky_max: int = 40

    # Radiotherapy
    dose_per_fraction_min_gy: float = 1.0
    dose_per_fraction_max_gy: float = 12.0
    total_dose_max_gy: float = 70
    fractions_max: int = 40
    course_extra_d: int = 14  # days beyond five fractions a week that a course may take
    death_after_course_d: int = 7
    reirradiation_mo: float = 6
    response_window_d: int = 120  # last day after treatment in which a change of therapy confounds a response

    # Opioids together, as oral morphine equivalent
    omedd_ask_mg_d: float = 1000
    omedd_refuse_mg_d: float = 5000  # beyond it a mistaken unit is almost certain
    omedd_change_factor: float = 3  # within a day
    abrupt_stop_mg_d: float = 60
    abrupt_stop_wait_d: int = 7  # the record of a next dose may follow
    long_acting_overlap_d: int = 3  # a switch between two long-acting opioids takes no longer
    rescue_fraction_min: float = 0.1  # of the scheduled daily dose; one sixth is customary

    # Single drugs
    acetaminophen_max: float = 4000
    tramadol_max: float = 400
    codeine_max: float = 240
    tapentadol_max: float = 500
    pregabalin_max: float = 600
    gabapentin_max: float = 3600
    oxycodone_oral_max: float = 400
    fentanyl_patch_max_ug_h: float = 300
    fentanyl_iv_max: float = 10
    methadone_max: float = 200

    # Follow-up
    last_contact_d: int = 90
    visit_gap_d: int = 60
    visit_overdue_d: int = 14
    death_after_visit_d: int = 30


DEFAULT_LIMITS = Limits()

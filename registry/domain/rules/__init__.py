"""The catalogue of rules: one clinical idea per file, listed here in order of id.

E rules send a submission back, Q rules ask the hospital, W rules annotate. E01 to E22 and Q01 to Q34 are the
cross-field catalogue; Q35 to Q56 and W01 to W05 follow the order of the forms (patient, primary, episode, pain,
function, analgesic, radiotherapy, follow-up, death); E23, Q57 and W06 came later. An id is never given twice.
"""

from registry.domain.rules import (
    abscess_is_excluded_in_fever,
    age_is_between_18_and_100,
    age_is_given_at_onset,
    amendment_has_reason,
    analgesic_dose_is_within_its_maximum,
    baseline_is_recorded_before_treatment,
    baseline_pain_leaves_room_to_fall,
    bedbound_patient_does_not_walk,
    birth_before_every_event,
    blinded_arm_stays_masked,
    body_size_is_plausible,
    both_sides_are_seen_on_imaging,
    breakthrough_episodes_are_twenty_at_most,
    buprenorphine_is_the_only_opioid,
    cancer_is_known_before_the_syndrome,
    cancer_is_present_when_it_invades,
    cancer_reached_the_psoas_one_way,
    code_is_in_its_list,
    collection_is_permitted,
    course_takes_the_expected_days,
    date_is_in_the_calendar,
    date_not_in_future,
    declared_total_is_reproducible,
    diagnosis_not_before_onset,
    diagnosis_takes_longer_than_a_day,
    dose_is_fractions_times_dose,
    doses_are_not_added_over_targets,
    early_worsening_is_a_flare,
    ecog_and_karnofsky_agree,
    end_not_before_start,
    endpoint_dates_are_known_to_the_day,
    event_not_after_death,
    fatal_grade_has_a_death,
    fixed_hip_does_not_extend,
    fractions_are_whole,
    hip_is_fixed_or_stretch_is_painful,
    histology_fits_the_site,
    imaging_is_close_to_diagnosis,
    involvement_is_proven,
    kidneys_clear_the_opioid,
    late_death_names_its_source,
    levels_run_from_head_to_foot,
    literature_is_not_prospective,
    living_patient_was_seen_lately,
    long_acting_opioids_do_not_overlap,
    methadone_comes_with_a_qt_interval,
    morphology_is_that_of_a_primary,
    next_visit_is_not_overdue,
    no_person_in_free_text,
    one_anti_inflammatory_at_a_time,
    one_index_treatment_per_side,
    onset_is_a_symptom,
    onset_is_within_a_year_of_enrolment,
    opioid_dose_changes_in_steps,
    opioid_dose_is_a_thousand_at_most,
    opioid_dose_is_survivable,
    opioid_has_a_fixed_equivalent,
    opioid_is_tapered,
    order_is_possible,
    pain_is_one_whole_number,
    pain_score_is_on_its_scale,
    pain_side_has_an_episode,
    patient_is_enrolled_once,
    patient_outlives_the_course,
    patient_scores_the_pain,
    prior_lines_are_ten_at_most,
    radiation_dose_is_customary,
    reirradiation_waits_six_months,
    relapse_of_pain_is_felt,
    rescue_dose_follows_the_scheduled_dose,
    rescue_doses_are_counted,
    response_follows_the_start_of_treatment,
    response_takes_a_day,
    sex_matches_the_site,
    sex_specific_site_is_confirmed,
    sides_agree,
    site_and_histology_are_specified,
    stage_names_its_edition,
    survival_has_one_origin,
    survival_is_five_years_at_most,
    systemic_therapy_is_steady_during_response,
    treatment_stays_near_its_plan,
    unit_fits_the_drug,
    visits_are_sixty_days_apart_at_most,
    words_and_score_agree,
    worst_pain_is_the_worst,
)
from registry.domain.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    birth_before_every_event.RULE,  # E01
    event_not_after_death.RULE,  # E02
    diagnosis_not_before_onset.RULE,  # E03
    end_not_before_start.RULE,  # E04
    date_not_in_future.RULE,  # E05
    date_is_in_the_calendar.RULE,  # E06
    sex_matches_the_site.RULE,  # E07
    dose_is_fractions_times_dose.RULE,  # E08
    treatment_stays_near_its_plan.RULE,  # E09
    fractions_are_whole.RULE,  # E10
    pain_score_is_on_its_scale.RULE,  # E11
    amendment_has_reason.RULE,  # E12
    unit_fits_the_drug.RULE,  # E13
    code_is_in_its_list.RULE,  # E14
    pain_side_has_an_episode.RULE,  # E15
    one_index_treatment_per_side.RULE,  # E16
    fatal_grade_has_a_death.RULE,  # E17
    collection_is_permitted.RULE,  # E18
    literature_is_not_prospective.RULE,  # E19
    blinded_arm_stays_masked.RULE,  # E20
    no_person_in_free_text.RULE,  # E21
    order_is_possible.RULE,  # E22
    opioid_dose_is_survivable.RULE,  # E23
    cancer_is_known_before_the_syndrome.RULE,  # Q01
    onset_is_within_a_year_of_enrolment.RULE,  # Q02
    diagnosis_takes_longer_than_a_day.RULE,  # Q03
    sides_agree.RULE,  # Q04
    both_sides_are_seen_on_imaging.RULE,  # Q05
    involvement_is_proven.RULE,  # Q06
    hip_is_fixed_or_stretch_is_painful.RULE,  # Q07
    age_is_between_18_and_100.RULE,  # Q08
    stage_names_its_edition.RULE,  # Q09
    site_and_histology_are_specified.RULE,  # Q10
    histology_fits_the_site.RULE,  # Q11
    radiation_dose_is_customary.RULE,  # Q12
    doses_are_not_added_over_targets.RULE,  # Q13
    course_takes_the_expected_days.RULE,  # Q14
    response_follows_the_start_of_treatment.RULE,  # Q15
    response_takes_a_day.RULE,  # Q16
    opioid_dose_is_a_thousand_at_most.RULE,  # Q17
    rescue_doses_are_counted.RULE,  # Q18
    opioid_has_a_fixed_equivalent.RULE,  # Q19
    baseline_is_recorded_before_treatment.RULE,  # Q20
    baseline_pain_leaves_room_to_fall.RULE,  # Q21
    patient_outlives_the_course.RULE,  # Q22
    survival_is_five_years_at_most.RULE,  # Q23
    survival_has_one_origin.RULE,  # Q24
    declared_total_is_reproducible.RULE,  # Q25
    words_and_score_agree.RULE,  # Q26
    living_patient_was_seen_lately.RULE,  # Q27
    patient_is_enrolled_once.RULE,  # Q28
    systemic_therapy_is_steady_during_response.RULE,  # Q29
    relapse_of_pain_is_felt.RULE,  # Q30
    age_is_given_at_onset.RULE,  # Q31
    worst_pain_is_the_worst.RULE,  # Q32
    early_worsening_is_a_flare.RULE,  # Q33
    pain_is_one_whole_number.RULE,  # Q34
    body_size_is_plausible.RULE,  # Q35
    morphology_is_that_of_a_primary.RULE,  # Q36
    cancer_is_present_when_it_invades.RULE,  # Q37
    prior_lines_are_ten_at_most.RULE,  # Q38
    onset_is_a_symptom.RULE,  # Q39
    cancer_reached_the_psoas_one_way.RULE,  # Q40
    levels_run_from_head_to_foot.RULE,  # Q41
    imaging_is_close_to_diagnosis.RULE,  # Q42
    abscess_is_excluded_in_fever.RULE,  # Q43
    endpoint_dates_are_known_to_the_day.RULE,  # Q44
    patient_scores_the_pain.RULE,  # Q45
    breakthrough_episodes_are_twenty_at_most.RULE,  # Q46
    ecog_and_karnofsky_agree.RULE,  # Q47
    fixed_hip_does_not_extend.RULE,  # Q48
    bedbound_patient_does_not_walk.RULE,  # Q49
    analgesic_dose_is_within_its_maximum.RULE,  # Q50
    long_acting_opioids_do_not_overlap.RULE,  # Q51
    one_anti_inflammatory_at_a_time.RULE,  # Q52
    opioid_dose_changes_in_steps.RULE,  # Q53
    opioid_is_tapered.RULE,  # Q54
    visits_are_sixty_days_apart_at_most.RULE,  # Q55
    late_death_names_its_source.RULE,  # Q56
    sex_specific_site_is_confirmed.RULE,  # Q57
    kidneys_clear_the_opioid.RULE,  # W01
    buprenorphine_is_the_only_opioid.RULE,  # W02
    methadone_comes_with_a_qt_interval.RULE,  # W03
    reirradiation_waits_six_months.RULE,  # W04
    next_visit_is_not_overdue.RULE,  # W05
    rescue_dose_follows_the_scheduled_dose.RULE,  # W06
)

RULES_BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}

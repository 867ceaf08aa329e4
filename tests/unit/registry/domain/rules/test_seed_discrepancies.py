"""The inconsistencies of Takamatsu et al. 2018 that touch case data, by their number: surfaced, never mended.

S-01 to S-03, S-13, S-14, S-18, S-26 and S-27 concern its Table I and are tested beside it.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from registry.domain.case import EMPTY, Case
from registry.domain.check import judge
from registry.domain.findings import Finding
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.patient import Patient
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.literature.published import published_cases
from registry.domain.reading import read_submission
from registry.domain.rules.examples import document
from registry.domain.rules.rule import Context

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@cache
def judged(number: int) -> tuple[Case, tuple[Finding, ...]]:
    """A published case as the registry takes it, with all that it says of it."""
    submission, problems = read_submission(published_cases()[number - 1])
    assert submission is not None, problems
    verdict = judge(EMPTY, submission, Context(NOW.date()), now=NOW)
    assert verdict.accepted
    return verdict.case, verdict.findings


def said(number: int, rule: str) -> list[Finding]:
    return [finding for finding in judged(number)[1] if finding.rule == rule]


def rules(number: int) -> set[str]:
    return {finding.rule for finding in judged(number)[1]}


def test_each_published_case_raises_these_findings_and_no_others() -> None:
    assert rules(1) == {"Q07", "Q09", "Q13", "Q18", "Q24", "Q31", "W06"}
    assert rules(2) == {"Q09", "Q24", "Q31", "Q54"}
    assert rules(3) == {"Q09", "Q10", "Q18", "Q27", "Q40"}


def test_s04_the_time_origin_is_disputed() -> None:
    for number, months in ((1, "8"), (2, "7")):
        [finding] = said(number, "Q24")
        assert finding.values["code"] == "TIME_ORIGIN_CONFLICT"
        assert f"{months} months of survival" in finding.message
        assert "from symptom onset and from mps diagnosis" in finding.message
        assert "stored as disputed" in finding.message


def test_s05_the_query_shows_why_it_is_no_slip_of_wording() -> None:
    assert "1 month or more before presentation" in said(1, "Q24")[0].message
    assert "equal durations are impossible" in said(1, "Q24")[0].message
    assert "Gradual, after five cycles" in said(2, "Q24")[0].message


def test_s06_the_age_is_not_that_at_onset() -> None:
    [first], [second] = said(1, "Q31"), said(2, "Q31")
    assert first.values["code"] == second.values["code"] == "AGE_REFERENCE_AMBIGUOUS"
    assert "6 months + 3 months + 30 months = 3.25 years" in first.message
    assert "31 + 3.25 = 34.25" in first.message
    assert "63 + 4 = 67" in second.message


def test_s06_the_age_at_presentation_with_the_syndrome_is_clear() -> None:
    assert said(3, "Q31") == []
    patient = judged(3)[0].one(Patient)
    assert patient is not None
    assert patient.birth is None


def test_s07_doses_to_two_targets_are_not_one_dose() -> None:
    [finding] = said(1, "Q13")
    assert finding.values["code"] == "DOSE_SUM_ACROSS_TARGETS"
    assert "46 + 20 = 66 Gy, 23 + 10 = 33 fractions" in finding.message
    doses = [course.delivered_dose_gy for course in judged(1)[0].all(Radiotherapy)]
    assert doses == [46, 20, 45]


def test_s08_a_response_before_the_end_of_radiotherapy_is_no_finding() -> None:
    assert rules(2).isdisjoint({"Q15", "Q16"})


def test_s09_alive_without_a_date_has_no_last_contact() -> None:
    [finding] = said(3, "Q27")
    assert finding.values["code"] == "MISSING_LAST_CONTACT"
    assert finding.pointer == "/forms/follow_up/1/visit_date"


def test_s10_a_masked_arm_is_accepted_and_kept() -> None:
    trials = [therapy.trial for therapy in judged(3)[0].all(SystemicTherapy) if therapy.trial is not None]
    assert [(trial.blinded, trial.arm) for trial in trials] == [(True, "masked")]
    assert not any(finding.form == "systemic_therapy" for finding in judged(3)[1])


def test_s11_two_mechanisms_are_asked_about_and_both_kept() -> None:
    [finding] = said(3, "Q40")
    assert finding.values["code"] == "MECHANISM_MIXED"
    assert "intramuscular_metastasis + nodal_extension" in finding.message


def test_s12_painful_flexion_is_not_fixed_flexion() -> None:
    [finding] = said(1, "Q07")
    assert "pain_on_active_flexion_only" in finding.message
    assert said(2, "Q07") == said(3, "Q07") == []


def test_s15_a_primary_of_the_psoas_is_a_mechanism_of_its_own() -> None:
    _, found = judge_example({"mps_episode": [{"mechanism": ["primary_psoas_tumour"]}]})
    assert found == set()


def test_s19_a_paper_keeps_the_years_of_both_its_publications() -> None:
    years = {"epub_year": 2017, "print_year": 2018, "doi": "10.1234/example"}
    case, found = judge_example({"patient": {"source_type": "literature", "source_ref": years}})
    assert found == set()
    patient = case.one(Patient)
    assert patient is not None
    assert patient.source_ref is not None
    assert (patient.source_ref.epub_year, patient.source_ref.print_year) == (2017, 2018)


def test_s21_the_words_of_the_source_stay_as_they_are() -> None:
    case, _ = judge_example({"mps_episode": [{"imaging": [{"finding": "systematic lymphadenopathy"}]}]})
    [episode] = case.all(MpsEpisode)
    assert episode.imaging is not None
    assert episode.imaging[0].finding == "systematic lymphadenopathy"


def test_s22_a_stop_of_all_opioids_from_60_mg_is_abrupt() -> None:
    [finding] = said(2, "Q54")
    assert finding.values["code"] == "ABRUPT_OPIOID_STOP"
    assert "oxycodone 40 mg/d = 60" in finding.message


def test_s23_a_rescue_dose_that_was_not_raised_is_only_noted() -> None:
    [finding] = said(1, "W06")
    assert finding.severity == "note"
    assert "1/12" in finding.message
    assert "10 mg" in finding.message


def test_s24_normal_gait_and_terminal_care_do_not_contradict_each_other() -> None:
    assert not any(finding.form in ("function", "follow_up") for finding in judged(1)[1])


def test_narrative_responses_are_never_scores() -> None:
    for number in (1, 2, 3):
        assert [score.nrs_worst for score in judged(number)[0].all(PainAssessment)] == [None]


def judge_example(forms: dict[str, Any]) -> tuple[Case, set[str]]:
    """The case made of an example, and the rules that speak of it."""
    submission, problems = read_submission(document(forms, NOW.date()))
    assert submission is not None, problems
    verdict = judge(EMPTY, submission, Context(NOW.date()), now=NOW)
    assert verdict.accepted
    return verdict.case, {finding.rule for finding in verdict.findings}

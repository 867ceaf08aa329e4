"""Where the asking rules draw their lines, beyond their own examples."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.domain.case import EMPTY, Case
from registry.domain.check import RULES_THAT_ASK, fingerprint, judge, run
from registry.domain.dates import PartialDate
from registry.domain.findings import Finding
from registry.domain.limits import Limits
from registry.domain.reading import read_submission
from registry.domain.rules import RULES
from registry.domain.rules.examples import document
from registry.domain.rules.rule import Context, Twin

TODAY = date(2026, 1, 15)
START = {"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}


def case_of(forms: dict[str, Any]) -> Case:
    submission, problems = read_submission(document(forms, TODAY))
    assert submission is not None, problems
    return judge(EMPTY, submission, Context(TODAY), now=datetime(2026, 1, 15, 12, tzinfo=UTC)).case


def asked(forms: dict[str, Any], context: Context | None = None) -> list[Finding]:
    return run(RULES_THAT_ASK, case_of(forms), context or Context(TODAY))


def rules(forms: dict[str, Any], context: Context | None = None) -> set[str]:
    return {finding.rule for finding in asked(forms, context)}


def score(day: str, worst: int | None = None, **more: Any) -> dict[str, Any]:
    return {"assess_date": day, "index_or_nonindex": "index", "site_side": "left", "nrs_worst": worst, **more}


def oxycodone(mg: float, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    dose = {"dose_value": mg, "dose_unit": "mg/d", "route": "PO", "form": "ER", "start": start, "end": end}
    return {"drug_name": "oxycodone", "drug_class": "opioid", **dose, **more}


# --- the catalogue of this kind ---


def test_the_catalogue_has_every_asking_rule() -> None:
    assert {f"Q{n:02}" for n in range(1, 58)} <= {rule.id for rule in RULES_THAT_ASK}
    assert {f"W{n:02}" for n in range(1, 7)} <= {rule.id for rule in RULES_THAT_ASK}


def test_queries_ask_and_notes_annotate() -> None:
    for rule in RULES_THAT_ASK:
        assert rule.severity == ("note" if rule.id.startswith("W") else "query")


def test_four_queries_keep_a_case_out_of_the_primary_analysis() -> None:
    assert {rule.id for rule in RULES if rule.blocking} == {"Q04", "Q15", "Q20", "Q24"}


# --- what is accepted with at most one question ---


def test_cancer_diagnosed_after_the_onset_is_only_asked_about() -> None:
    forms = {"primary_cancer": [{"dx_date": "2025-04-02"}], "mps_episode": [{"mps_onset": "2025-02"}]}
    [finding] = asked(forms)
    assert finding.rule == "Q01"
    assert "33 days" in finding.message


def test_a_child_of_eight_is_only_asked_about() -> None:
    forms = {"patient": {"birth": "2017-01"}, "mps_episode": [{"mps_onset": "2025-03-20"}]}
    assert rules(forms) == {"Q08"}


def test_response_before_the_end_of_radiotherapy_is_not_asked_about() -> None:
    forms = {
        "mps_episode": [{"side": "left"}],
        "radiotherapy": [START | {"end": "2025-03-24", "delivered_fractions": 16}],
        "pain_assessment": [score("2025-03-01", 8), score("2025-03-17", 2, narrative="marked_improvement")],
    }
    assert rules(forms) == set()


def test_a_truncated_course_is_not_asked_about() -> None:
    course = {"planned_fractions": 10, "delivered_fractions": 4, "completed": "truncated"}
    forms = {
        "mps_episode": [{"side": "left"}],
        "radiotherapy": [START | course | {"end": "2025-03-06"}],
        "pain_assessment": [score("2025-03-01", 8)],
    }
    assert rules(forms) == set()


# --- missing and partial values ---


@pytest.mark.parametrize("dx", ["2025", "2025-02", None])
def test_a_date_that_may_be_in_order_passes(dx: str | None) -> None:
    forms = {"primary_cancer": [{"dx_date": dx}], "mps_episode": [{"mps_onset": "2025-02-10"}]}
    assert "Q01" not in rules(forms)


def test_an_empty_record_of_every_form_asks_nothing() -> None:
    keyed = {
        "radiotherapy": [{"rt_id": "RT-1"}],
        "systemic_therapy": [{"therapy_id": "CT-1"}],
        "surgery": [{"surgery_id": "OP-1"}],
        "analgesic": [{"drug_name": "oxycodone"}],
    }
    once = {"patient": {}, "death": {}}
    many = {
        name: [{}] for name in ("primary_cancer", "mps_episode", "symptoms", "pain_assessment", "function")
    }
    rest: dict[str, Any] = {name: [{}] for name in ("intervention", "toxicity", "follow_up", "consent")}
    assert rules(keyed | once | many | rest) == set()


def test_the_year_of_birth_decides_only_where_it_can() -> None:
    assert "Q08" not in rules({"patient": {"birth": "2007"}, "mps_episode": [{"mps_onset": "2025-01"}]})
    assert "Q08" in rules({"patient": {"birth": "2008"}, "mps_episode": [{"mps_onset": "2025-01"}]})


# --- Q04 ---


def test_index_pain_on_the_other_side_of_its_own_episode_is_asked_about() -> None:
    forms = {
        "mps_episode": [{"episode_no": 1, "side": "left"}, {"episode_no": 2, "side": "right"}],
        "pain_assessment": [score("2025-03-01", 8, site_side="right", episode_no=1)],
    }
    assert rules(forms) == {"Q04"}


def test_midline_pain_contradicts_no_side() -> None:
    forms = {
        "mps_episode": [{"side": "left"}],
        "pain_assessment": [score("2025-03-01", 8, site_side="midline")],
    }
    assert rules(forms) == set()


# --- Q13 and Q25 ---


def course(name: str, dose: float, fractions: int, **more: Any) -> dict[str, Any]:
    return {"rt_id": name, "delivered_dose_gy": dose, "delivered_fractions": fractions, **more}


def test_a_boost_to_the_same_target_may_be_added() -> None:
    target = {"target_volume": {"name": "left psoas", "side": "left"}}
    total = {"declared_total": {"dose_gy": 60, "fractions": 30}}
    forms = {"radiotherapy": [course("A", 50, 25, **target), course("B", 10, 5, **target, **total)]}
    assert rules(forms).isdisjoint({"Q13", "Q25"})


def test_a_total_of_three_targets_is_taken_apart() -> None:
    total = {"declared_total": {"dose_gy": 60}}
    forms = {"radiotherapy": [course("A", 30, 10), course("B", 20, 5), course("C", 10, 5, **total)]}
    [finding] = [one for one in asked(forms) if one.rule == "Q13"]
    assert "30 + 20 + 10 = 60 Gy" in finding.message


# --- Q14 ---


@pytest.mark.parametrize(
    ("fractions", "end", "found"),
    [
        (16, "2025-03-24", False),  # 2025-03-03 is a Monday: day 21
        (16, "2025-03-23", True),
        (25, "2025-04-04", False),  # day 32
        (25, "2025-04-18", False),  # two weeks of pause
        (25, "2025-04-19", True),
    ],
)
def test_days_of_a_course(fractions: int, end: str, found: bool) -> None:
    forms = {
        "radiotherapy": [{"rt_id": "R", "start": "2025-03-03", "end": end, "delivered_fractions": fractions}]
    }
    assert ("Q14" in rules(forms)) is found


# --- Q15, Q16 ---


def test_a_response_to_an_undated_earlier_treatment_is_not_too_early() -> None:
    forms = {
        "radiotherapy": [START, {"rt_id": "RT-0", "indication": "mps_index_pain"}],
        "pain_assessment": [score("2025-02-01", narrative="improved")],
    }
    assert "Q15" not in rules(forms)


def test_pain_that_got_worse_before_treatment_is_no_response() -> None:
    forms = {"radiotherapy": [START], "pain_assessment": [score("2025-02-20", narrative="worse")]}
    assert "Q15" not in rules(forms)


# --- Q20 ---


def baseline(today: date, *scores: dict[str, Any]) -> bool:
    forms = {"mps_episode": [{"side": "left"}], "radiotherapy": [START], "pain_assessment": list(scores)}
    return "Q20" in rules(forms, Context(today))


def test_a_missing_baseline_is_not_asked_for_at_once() -> None:
    assert not baseline(date(2025, 3, 17))
    assert baseline(date(2025, 3, 18))


def test_a_score_after_the_start_brings_the_question_forward() -> None:
    assert baseline(date(2025, 3, 8), score("2025-03-07", 6))


@pytest.mark.parametrize(
    ("day", "missing"),
    [("2025-02-17", False), ("2025-02-16", True), ("2025-03-03", False), ("2025-02", False)],
)
def test_fourteen_days_count(day: str, missing: bool) -> None:
    assert baseline(TODAY, score(day, 8)) is missing


def test_an_assessment_without_a_score_is_no_baseline() -> None:
    assert baseline(TODAY, score("2025-03-01"))
    assert not baseline(TODAY, score("2025-03-01", nrs_worst_range={"lo": 4, "hi": 5}))


def test_each_side_of_a_bilateral_syndrome_has_its_baseline() -> None:
    forms = {
        "mps_episode": [{"side": "bilateral"}],
        "radiotherapy": [START],
        "pain_assessment": [score("2025-03-01", 8)],
    }
    [finding] = [one for one in asked(forms) if one.rule == "Q20"]
    assert "for the right side" in finding.message


# --- opioids: Q17, E23, Q51, Q53, Q54, Q50 ---


def test_a_dose_is_asked_about_once_while_it_stays_too_high() -> None:
    forms = {"analgesic": [oxycodone(700, "2025-03-01", "2025-03-09"), oxycodone(800, "2025-03-10")]}
    assert [one.rule for one in asked(forms) if one.rule == "Q17"] == ["Q17"]


def test_exactly_the_limit_is_not_asked_about() -> None:
    morphine = {"drug_name": "morphine", "drug_class": "opioid", "route": "PO", "dose_unit": "mg/d"}
    assert "Q17" not in rules({"analgesic": [morphine | {"dose_value": 1000, "start": "2025-03-01"}]})
    assert "Q17" in rules({"analgesic": [morphine | {"dose_value": 1001, "start": "2025-03-01"}]})


def refused(forms: dict[str, Any]) -> list[str]:
    submission, _ = read_submission(document(forms, TODAY))
    assert submission is not None
    verdict = judge(EMPTY, submission, Context(TODAY), now=submission.recorded_at)
    return [one.message for one in verdict.findings if one.rule == "E23"]


def test_two_opioids_that_are_impossible_together_are_refused() -> None:
    one, other = oxycodone(2000, "2025-03-01"), oxycodone(2000, "2025-03-02", form="IR")
    [message] = refused({"analgesic": [one, other]})
    assert "The day 2025-03-02 comes to 6000 mg" in message


def test_two_opioids_after_one_another_are_not_added() -> None:
    one = oxycodone(2000, "2025-03-01", "2025-03-05")
    assert refused({"analgesic": [one, oxycodone(2000, "2025-03-06", form="IR")]}) == []


def test_an_undated_opioid_is_refused_too() -> None:
    record = {
        "drug_name": "fentanyl",
        "drug_class": "opioid",
        "route": "IV",
        "dose_value": 100,
        "dose_unit": "mg/d",
    }
    [message] = refused({"analgesic": [record]})
    assert "One record comes to" in message


def test_a_rotation_within_three_days_is_no_overlap() -> None:
    patch = {"drug_name": "fentanyl", "drug_class": "opioid", "route": "TD", "form": "patch_72h"}
    for end, found in (("2025-03-12", False), ("2025-03-13", True)):
        forms = {"analgesic": [oxycodone(40, "2025-03-01", end), patch | {"start": "2025-03-10"}]}
        assert ("Q51" in rules(forms)) is found


def test_an_opioid_that_ended_yesterday_may_still_be_followed_by_another() -> None:
    forms = {"analgesic": [oxycodone(80, "2025-12-01", "2026-01-14")]}
    assert "Q54" not in rules(forms)
    assert "Q54" in rules(forms, Context(date(2026, 1, 30)))


def test_an_opioid_that_ended_with_life_was_not_stopped() -> None:
    forms = {"analgesic": [oxycodone(80, "2025-03-01", "2025-04-02")], "death": {"death_date": "2025-04-02"}}
    assert "Q54" not in rules(forms)


def test_a_taper_is_not_abrupt() -> None:
    steps = [oxycodone(80, "2025-03-01", "2025-03-07"), oxycodone(30, "2025-03-08", "2025-03-14")]
    assert rules({"analgesic": steps}) == set()


def test_a_threefold_change_is_not_too_large() -> None:
    steps = [oxycodone(20, "2025-03-01", "2025-03-07"), oxycodone(60, "2025-03-08")]
    assert "Q53" not in rules({"analgesic": steps})
    assert "Q53" in rules({"analgesic": [steps[0], oxycodone(61, "2025-03-08")]})


def test_rescue_doses_count_towards_the_maximum() -> None:
    rescue = {"rescue_dose": 50, "rescue_unit": "mg", "rescue_taken_24h": 3}
    tramadol = {"drug_name": "tramadol", "dose_value": 300, "dose_unit": "mg/d"}
    assert "Q50" not in rules({"analgesic": [tramadol]})
    assert "Q50" in rules({"analgesic": [tramadol | rescue]})


def test_a_drug_is_known_by_its_other_names() -> None:
    assert "Q50" in rules({"analgesic": [{"drug_name": "paracetamol", "dose_value": 6, "dose_unit": "g/d"}]})


# --- Q28 ---


def test_a_patient_known_elsewhere_is_asked_about_without_naming_the_site() -> None:
    forms = {"patient": {"linkage_token": "k1:" + "a" * 43}}
    [finding] = asked(forms, Context(TODAY, twins=(Twin(),)))
    assert (finding.rule, finding.pointer) == ("Q28", "/forms/patient/linkage_token")


def test_alive_after_a_death_that_another_site_reported() -> None:
    forms = {"patient": {}, "follow_up": [{"visit_date": "2025-06-01", "vital_status": "alive"}]}
    twins = (Twin(death=PartialDate.parse("2025-05")),)
    messages = [one.message for one in asked(forms, Context(TODAY, twins=twins)) if one.rule == "Q28"]
    assert any("alive on 2025-06-01" in message for message in messages)
    assert not any("2025-05" in message for message in messages)
    later = (Twin(death=PartialDate.parse("2025-06")),)
    assert len([one for one in asked(forms, Context(TODAY, twins=later)) if one.rule == "Q28"]) == 1


@pytest.mark.parametrize(
    ("mine", "twin", "another"),
    [
        ({"sex_at_birth": "female"}, {"sex": "male"}, True),
        ({"sex_at_birth": "female"}, {"sex": "female"}, False),
        ({"sex_at_birth": "female"}, {"sex": "unknown"}, False),
        ({"sex_at_birth": "female"}, {}, False),
        ({"birth": "1957"}, {"birth": PartialDate.parse("1958")}, True),
        ({"birth": "1958"}, {"birth": PartialDate.parse("1957-05-03")}, True),
        ({"birth": "1957"}, {"birth": PartialDate.parse("1957-05-03")}, False),
        ({}, {"birth": PartialDate.parse("1957")}, False),
    ],
)
def test_an_equal_token_of_another_person_is_said_to_be_so_without_their_values(mine, twin, another) -> None:
    forms = {"patient": {"linkage_token": "k1:" + "a" * 43, **mine}}
    [finding] = [one for one in asked(forms, Context(TODAY, twins=(Twin(**twin),))) if one.rule == "Q28"]
    assert ("another sex or year of birth" in finding.message) == another
    assert not [
        value for value in (*mine.values(), *map(str, twin.values())) if f" {value}" in finding.message
    ]


# --- ageing does not change what is asked ---


@pytest.mark.parametrize(
    "forms",
    [
        {
            "patient": {"source_type": "prospective", "enrolment_date": "2025-03-01"},
            "follow_up": [{"visit_date": "2025-05-20", "vital_status": "alive", "next_due": "2025-06-20"}],
        },
        {"mps_episode": [{"side": "left"}], "radiotherapy": [START]},
        {"analgesic": [oxycodone(80, "2025-03-01", "2025-04-02")]},
    ],
)
def test_a_question_stays_the_same_question_from_day_to_day(forms: dict[str, Any]) -> None:
    first = {fingerprint(one) for one in asked(forms, Context(TODAY))}
    assert first
    assert first == {fingerprint(one) for one in asked(forms, Context(date(2026, 6, 1)))}


def test_a_long_survivor_is_asked_about_once() -> None:
    visits = [{"visit_date": f"2025-{month:02}-01", "vital_status": "alive"} for month in (3, 4, 5)]
    forms = {"mps_episode": [{"mps_onset": "2018-02"}], "follow_up": visits}
    [finding] = [one for one in asked(forms) if one.rule == "Q23"]
    assert "2025-03-01" in finding.message


# --- configuration ---


def test_a_limit_can_be_moved() -> None:
    forms = {"analgesic": [{"drug_name": "acetaminophen", "dose_value": 3500, "dose_unit": "mg/d"}]}
    assert rules(forms) == set()
    assert rules(forms, Context(TODAY, replace(Limits(), acetaminophen_max=3000))) == {"Q50"}

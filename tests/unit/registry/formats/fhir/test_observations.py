"""Observation: the three wire forms of a score, what is no score, and which record it is part of."""

import pytest

from registry.formats.fhir.terms import ECOG, KARNOFSKY, LOINC, NRS, NRS_ANSWERS, PAIN, VARIABLE
from tests.factories_fhir import (
    cc,
    items,
    loinc,
    notes,
    observation,
    record,
    records,
    refusal,
    sct,
)

WORST = {"coding": [{"system": LOINC, "code": NRS}, {"system": VARIABLE, "code": "nrs_worst"}]}


def pain(**more):
    return observation(NRS) | more


class TestPain:
    @pytest.mark.parametrize(
        ("value", "score"),
        [
            ({"valueQuantity": {"value": 7, "code": "{score}", "system": "http://unitsofmeasure.org"}}, 7),
            ({"valueQuantity": {"value": 7, "code": "1"}}, 7),
            ({"valueQuantity": {"value": 7.0}}, 7),
            ({"valueInteger": 0}, 0),
            ({"valueCodeableConcept": loinc("LA10139-6")}, 7),
            ({"valueCodeableConcept": loinc("LA6113-0")}, 2),
            ({"valueCodeableConcept": {"coding": [{"code": "x"}, *loinc("LA13942-0")["coding"]]}}, 10),
        ],
    )
    def test_all_wire_forms_are_the_same_score(self, value, score):
        assert record("pain_assessment", pain(**value))["nrs_now"] == score

    def test_every_answer_has_its_number(self):
        assert sorted(NRS_ANSWERS.values()) == list(range(11))

    @pytest.mark.parametrize(
        ("value", "pointer"),
        [
            ({"valueQuantity": {"value": 35, "code": "mm"}}, "/valueQuantity/code"),
            ({"valueQuantity": {"value": 35, "unit": "mm"}}, "/valueQuantity/code"),
            ({"valueQuantity": {"value": 6, "comparator": ">="}}, "/valueQuantity/comparator"),
            ({"valueQuantity": {"value": 6.5}}, ""),
            ({"valueQuantity": {"code": "{score}"}}, ""),
            ({"valueCodeableConcept": loinc("LA9999-9")}, ""),
            ({"valueCodeableConcept": cc("urn:x", "LA6113-0")}, ""),
            ({"valueString": "7"}, ""),
            ({}, ""),
        ],
    )
    def test_what_is_no_score_is_refused(self, value, pointer):
        assert refusal(pain(**value)) == ("score", pointer)

    @pytest.mark.parametrize(
        ("why", "reason"),
        [("asked-declined", "refused"), ("not-asked", "not_asked"), ("no-such-code", "not_stated")],
    )
    def test_an_absent_score_says_why(self, why, reason):
        absent = cc("http://terminology.hl7.org/CodeSystem/data-absent-reason", why)
        found = record("pain_assessment", pain(code=WORST, dataAbsentReason=absent))
        assert found["missing"]["nrs_worst"] == reason

    def test_scores_of_one_day_are_one_record(self):
        average = {"coding": [*WORST["coding"][:1], {"system": VARIABLE, "code": "nrs_average"}]}
        found = record(
            "pain_assessment", pain(code=WORST, valueInteger=8), pain(code=average, valueInteger=5)
        )
        assert (found["nrs_worst"], found["nrs_average"]) == (8, 5)

    def test_without_a_qualifier_it_is_pain_at_that_time(self):
        times = ["2025-03-10T08:00:00+09:00", "2025-03-10T20:30:00+09:00"]
        found = records(
            "pain_assessment", *(pain(valueInteger=n, effectiveDateTime=t) for n, t in enumerate(times))
        )
        assert [(one["nrs_now"], one["time_point"]) for one in found] == [(0, "08:00"), (1, "20:30")]
        assert notes(pain(valueInteger=3)) == ["pain_now"]
        assert notes(pain(code=WORST, valueInteger=3)) == []

    def test_two_answers_for_one_score_are_refused(self):
        assert (
            refusal(pain(code=WORST, valueInteger=3), pain(code=WORST, valueInteger=4))[0] == "contradiction"
        )
        assert records("pain_assessment", *[pain(code=WORST, valueInteger=3)] * 2) != []

    @pytest.mark.parametrize(
        ("time", "day"),
        [
            ({"effectiveDateTime": "2025"}, "2025"),
            ({"effectiveDateTime": "2025-03"}, "2025-03"),
            ({"effectivePeriod": {"start": "2025-03-10T08:00:00Z", "end": "2025-03-11"}}, "2025-03-10"),
            ({"effectivePeriod": {"end": "2025-03-11"}}, "2025-03-11"),
            ({"effectiveInstant": "2025-03-10T23:59:00-08:00"}, "2025-03-10"),
        ],
    )
    def test_partial_dates_stay_partial(self, time, day):
        made = {k: v for k, v in pain(code=WORST, valueInteger=3).items() if k != "effectiveDateTime"} | time
        assert record("pain_assessment", made)["assess_date"] == day

    def test_place_side_and_respondent_are_read(self):
        site = {
            **sct("68455001"),
            "extension": [
                {
                    "url": "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-laterality-qualifier",
                    "valueCodeableConcept": sct("24028007"),
                }
            ],
        }
        found = record(
            "pain_assessment", pain(valueInteger=3, bodySite=site, performer=[{"reference": "Patient/p"}])
        )
        assert (found["index_or_nonindex"], found["site_side"], found["respondent"]) == (
            "index",
            "right",
            "self",
        )


class TestOthers:
    def test_ecog_and_karnofsky_of_a_day_are_one_record(self):
        found = record(
            "function",
            observation(ECOG, valueInteger=2),
            observation(KARNOFSKY, valueCodeableConcept=loinc("LA29179-1")),
        )
        assert (found["ecog"], found["kps"]) == (2, 60)

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            ("268910001", "responding"),
            ("359746009", "stable"),
            ("271299001", "progressive"),
            ("709137006", "unknown"),
        ],
    )
    def test_disease_status_is_a_judgement_and_no_recist(self, code, state):
        found = record("follow_up", observation("97509-4", valueCodeableConcept=sct(code)))
        assert found["disease_status"] == state
        assert "tumour_response" not in found

    def test_another_disease_status_is_refused(self):
        assert refusal(observation("97509-4", valueCodeableConcept=sct("123")))[0] == "disease_status"

    @pytest.mark.parametrize(
        "passed",
        [
            {"code": loinc(PAIN), "valueInteger": 7},
            {"code": loinc("29463-7")},
            {"valueInteger": 7, "status": "preliminary"},
            {"valueInteger": 7, "status": "entered-in-error"},
            {"valueInteger": 7, "status": "cancelled"},
        ],
    )
    def test_what_says_nothing_is_passed_over(self, passed):
        assert items(pain(**passed)) == []

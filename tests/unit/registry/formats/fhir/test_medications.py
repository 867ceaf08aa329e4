"""Medication: drugs by code or words and never by guess, doses by their unit, rescue doses, cytotoxic drugs."""

import pytest

from registry.formats.fhir.terms import ATC, KEY, RXNORM
from tests.factories_fhir import P, cc, items, notes, record, refusal, sct


def request(concept, *dosages, **more):
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": P,
        "authoredOn": "2025-03-09",
        "medicationCodeableConcept": concept,
        "dosageInstruction": list(dosages),
        **more,
    }


def dosage(value=30, code="mg", *, rate=False, **more):
    kind = "rateQuantity" if rate else "doseQuantity"
    return {"doseAndRate": [{kind: {"value": value, "code": code}}], **more}


def every(period, unit, frequency=1):
    return {"timing": {"repeat": {"frequency": frequency, "period": period, "periodUnit": unit}}}


MORPHINE = cc(RXNORM, "7052")


class TestDrugs:
    @pytest.mark.parametrize(
        ("concept", "name"),
        [
            (MORPHINE, "morphine"),
            (cc(ATC, "N02AA05"), "oxycodone"),
            ({"text": "OxyContin 20 mg"}, "oxycodone"),
            (
                {"coding": [{"system": RXNORM, "code": "1049504", "display": "oxycodone hydrochloride"}]},
                "oxycodone",
            ),
            ({"text": "モルヒネ"}, "morphine"),
            (cc(ATC, "N02BE01"), "acetaminophen"),
        ],
    )
    def test_are_known_by_code_or_words(self, concept, name):
        assert record("analgesic", request(concept))["drug_name"] == name

    @pytest.mark.parametrize(
        "concept", [{"text": "wonder pill"}, {}, cc("urn:x", "7052"), {"text": "oxycod"}]
    )
    def test_that_are_not_known_are_asked_about(self, concept):
        assert refusal(request(concept)) == ("unknown_drug", "/medicationCodeableConcept")

    def test_may_be_resources_of_their_own(self):
        drug = {"resourceType": "Medication", "id": "m", "code": MORPHINE}
        made = request(None, medicationReference={"reference": "Medication/m"})
        del made["medicationCodeableConcept"]
        assert record("analgesic", drug, made)["drug_name"] == "morphine"
        assert refusal(made)[0] == "unknown_drug"

    def test_a_code_of_any_length_is_only_looked_up(self):
        assert refusal(request(cc(RXNORM, "7" * 300)))[0] == "unknown_drug"

    @pytest.mark.parametrize("more", [{"intent": "proposal"}, {"status": "draft"}, {"status": "cancelled"}])
    def test_that_are_not_ordered_are_passed_over(self, more):
        assert items(request(MORPHINE, **more)) == []


class TestDoses:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (dosage(30, "mg", **every(12, "h")), (30, "mg", 2)),
            (dosage(30, "mg", **every(1, "d", 3)), (30, "mg", 3)),
            (dosage(30, "mg", **every(1, "wk")), (30, "mg", 0.1429)),
            (dosage(30, "mg", timing={"code": cc("x", "BID")}), (30, "mg", 2)),
            (dosage(30, "mg", **every(1e-308, "h", 10**9)), (30, "mg", None)),
            (dosage(30, "mg"), (30, "mg", None)),
            (dosage(25, "ug/h", rate=True), (25, "ug/h", None)),
            (dosage(25, "mcg/hr", rate=True), (25, "ug/h", None)),
        ],
    )
    def test_are_read_with_their_unit_and_frequency(self, given, expected):
        found = record("analgesic", request(MORPHINE, given))
        assert (found["dose_value"], found["dose_unit"], found.get("frequency")) == expected

    @pytest.mark.parametrize("code", ["{tablet}", "1", "{patch}", "furlong"])
    def test_that_are_counted_in_pieces_are_not_stated(self, code):
        made = request(MORPHINE, dosage(1, code))
        assert record("analgesic", made)["missing"]["dose_value"] == "not_stated"
        assert notes(made) == ["no_dose"]

    def test_in_a_unit_of_another_kind_are_refused(self):
        assert refusal(request(MORPHINE, dosage(1, "Gy")))[0] == "dose_unit"
        assert record("analgesic", request(MORPHINE, dosage(1, "Mg"))).get("dose_value") is None

    def test_when_needed_are_rescue_doses_of_the_same_record(self):
        oral = {"route": sct("26643006")}
        rescue = dosage(10, asNeededBoolean=True, **oral)
        alone = record("analgesic", request(MORPHINE, rescue))
        assert (alone["rescue_dose"], alone["rescue_unit"]) == (10, "mg")
        assert alone["missing"]["dose_value"] == "not_applicable"
        both = record(
            "analgesic", request(MORPHINE, rescue), request(MORPHINE, dosage(**every(12, "h"), **oral))
        )
        assert (both["dose_value"], both["rescue_dose"], both["route"]) == (30, 10, "PO")
        assert "missing" not in both

    def test_of_a_bounded_time_end_with_it(self):
        bounds = {"timing": {"repeat": {"boundsPeriod": {"start": "2025-04-01", "end": "2025-04-20"}}}}
        found = record("analgesic", request(MORPHINE, dosage(**bounds)))
        assert (found["start"], found["end"]) == ("2025-04-01", "2025-04-20")

    def test_several_are_noted(self):
        assert notes(request(MORPHINE, dosage(), dosage(60))) == ["several_dosages"]

    def test_of_a_statement_are_read_as_well(self):
        made = request(MORPHINE) | {
            "resourceType": "MedicationStatement",
            "effectivePeriod": {"start": "2025-03"},
            "dosage": [dosage(60)],
        }
        for name in ("intent", "authoredOn", "dosageInstruction"):
            del made[name]
        found = record("analgesic", made)
        assert (found["start"], found["dose_value"]) == ("2025-03", 60)


class TestSystemic:
    CISPLATIN = cc(ATC, "L01XA01") | {"text": "Cisplatin"}

    def given(self, day, **more):
        return {
            "resourceType": "MedicationAdministration",
            "id": f"a-{day}",
            "status": "completed",
            "subject": P,
            "medicationCodeableConcept": self.CISPLATIN,
            "effectiveDateTime": day,
            **more,
        }

    def test_administrations_of_one_request_are_one_therapy(self):
        order = {"request": {"reference": "MedicationRequest/cis"}}
        found = record(
            "systemic_therapy", self.given("2025-02-22", **order), self.given("2025-02-01", **order)
        )
        assert (found["therapy_id"], found["c1d1"], found["last_dose_date"]) == (
            "cis",
            "2025-02-01",
            "2025-02-22",
        )
        assert found["components"][0]["code"] == {"system": "ATC", "code": "L01XA01"}

    def test_a_therapy_may_say_its_key(self):
        named = self.given("2025-02-01", identifier=[{"system": KEY, "value": "line-2"}])
        assert record("systemic_therapy", named)["therapy_id"] == "line-2"

    def test_single_doses_of_an_analgesic_do_not_say_what_a_day_was_like(self):
        assert items(self.given("2025-02-01", medicationCodeableConcept=MORPHINE)) == []

    @pytest.mark.parametrize("status", ["not-done", "entered-in-error"])
    def test_what_was_not_given_is_passed_over(self, status):
        assert items(self.given("2025-02-01", status=status)) == []

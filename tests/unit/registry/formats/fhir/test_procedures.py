"""Procedure: courses of radiotherapy by volume, doses by their unit, and operations."""

import pytest

from registry.formats.fhir.terms import KEY, MCODE, RADIOTHERAPY_COURSE, SURGERY
from tests.factories_fhir import P, items, notes, record, records, refusal, sct

BODY = {
    "resourceType": "BodyStructure",
    "id": "v1",
    "patient": P,
    "description": "Left psoas",
    "location": sct("71616004"),
    "locationQualifier": [sct("7771000")],
    "morphology": sct("228791009"),
}


def volume(dose=2000, code="cGy", fractions=5, body="BodyStructure/v1", **quantity):
    parts = [
        {"url": "volume", "valueReference": {"reference": body}},
        {"url": "totalDoseDelivered", "valueQuantity": {"value": dose, "code": code, **quantity}},
        {"url": "fractionsDelivered", "valueUnsignedInt": fractions},
    ]
    return {"url": f"{MCODE}radiotherapy-dose-delivered-to-volume", "extension": parts}


def course(*extensions, **more):
    return {
        "resourceType": "Procedure",
        "id": "rt",
        "status": "completed",
        "code": sct(RADIOTHERAPY_COURSE),
        "subject": P,
        "performedPeriod": {"start": "2025-03-10", "end": "2025-03-14"},
        "extension": list(extensions),
        **more,
    }


class TestRadiotherapy:
    @pytest.mark.parametrize(
        ("dose", "code", "gray"),
        [(2000, "cGy", 20), (2250, "cGy", 22.5), (20, "Gy", 20), (2000.0, "cGy", 20), (8, "Gy", 8)],
    )
    def test_a_dose_is_in_gray_whatever_unit_it_came_in(self, dose, code, gray):
        assert record("radiotherapy", BODY, course(volume(dose, code)))["delivered_dose_gy"] == gray

    def test_gray_is_noted_because_mcode_says_centigray(self):
        assert notes(BODY, course(volume(20, "Gy"))) == ["dose_in_gy"]
        assert notes(BODY, course(volume())) == []

    @pytest.mark.parametrize("code", ["mg", "Mg", "cgy?", "{dose}"])
    def test_a_dose_without_a_unit_of_dose_is_refused(self, code):
        assert refusal(BODY, course(volume(code=code)))[0] == "dose_unit"

    def test_the_unit_may_be_said_in_words_alone(self):
        made = volume()
        del made["extension"][1]["valueQuantity"]["code"]
        assert refusal(BODY, course(made))[0] == "dose_unit"
        made["extension"][1]["valueQuantity"]["unit"] = "cGy"
        assert record("radiotherapy", BODY, course(made))["delivered_dose_gy"] == 20

    def test_volumes_are_records_and_never_added_up(self):
        other = BODY | {"id": "v2", "description": "Right femur"}
        found = records(
            "radiotherapy", BODY, other, course(volume(), volume(800, fractions=1, body="BodyStructure/v2"))
        )
        assert [(one["rt_id"], one["delivered_dose_gy"], one["delivered_fractions"]) for one in found] == [
            ("rt-1", 20, 5),
            ("rt-2", 8, 1),
        ]
        assert [one["target_volume"]["name"] for one in found] == ["Left psoas", "Right femur"]

    def test_sessions_are_no_fractions(self):
        sessions = {"url": f"{MCODE}radiotherapy-sessions", "valueUnsignedInt": 31}
        found = record("radiotherapy", course(sessions))
        assert found["missing"]["delivered_fractions"] == "not_stated"
        assert (
            record("radiotherapy", BODY, course(sessions, volume(fractions=30)))["delivered_fractions"] == 30
        )

    def test_the_target_is_read_from_its_body_structure(self):
        target = record("radiotherapy", BODY, course(volume()))["target_volume"]
        assert (target["side"], target["volume_type"], target["body_site"]["code"]) == (
            "left",
            "GTV",
            "71616004",
        )

    def test_a_volume_that_is_not_there_is_noted(self):
        assert notes(course(volume())) == ["unresolved_reference"]
        assert "target_volume" not in record("radiotherapy", course(volume()))

    def test_a_volume_may_be_contained(self):
        made = course(volume(body="#v1"), contained=[BODY])
        assert record("radiotherapy", made)["target_volume"]["side"] == "left"
        broken = course(volume(body="#v1"), contained=[BODY | {"location": []}])
        assert notes(broken) == ["unresolved_reference"]

    def test_intent_modality_and_technique_are_read(self):
        how = {
            "url": f"{MCODE}radiotherapy-modality-and-technique",
            "extension": [
                {"url": f"{MCODE}radiotherapy-modality", "valueCodeableConcept": sct("1156506007")},
                {"url": f"{MCODE}radiotherapy-technique", "valueCodeableConcept": sct("1156530009")},
            ],
        }
        intent = {"url": f"{MCODE}procedure-intent", "valueCodeableConcept": sct("363676003")}
        found = record("radiotherapy", course(how, intent))
        assert (found["intent"], found["modality"], found["technique"]) == ("palliative", "photons", "VMAT")

    @pytest.mark.parametrize(
        ("status", "completed"),
        [("completed", "yes"), ("stopped", "truncated"), ("not-done", "not_started"), ("in-progress", None)],
    )
    def test_its_status_says_whether_it_was_completed(self, status, completed):
        assert record("radiotherapy", course(status=status)).get("completed") == completed

    def test_one_that_is_prepared_is_passed_over(self):
        assert items(course(status="preparation")) == []


class TestKey:
    def test_is_the_identifier_of_the_registry_then_a_hash_then_the_id(self):
        ours, theirs = {"system": KEY, "value": "RT 1/a"}, {"system": "urn:acc", "value": "4711-0815"}
        assert record("radiotherapy", course(identifier=[theirs, ours]))["rt_id"] == "RT-1-a"
        hashed = record("radiotherapy", course(identifier=[theirs]))["rt_id"]
        assert len(hashed) == 16
        assert "4711" not in hashed
        assert record("radiotherapy", course(identifier=[theirs], id="other"))["rt_id"] == hashed
        assert record("radiotherapy", course())["rt_id"] == "rt"

    def test_cannot_be_done_without(self):
        made = {name: value for name, value in course().items() if name != "id"}
        assert refusal(made) == ("required", "/identifier")

    def test_stays_within_its_length(self):
        assert len(records("radiotherapy", BODY, course(volume(), volume(), id="x" * 64))[0]["rt_id"]) <= 40


class TestSurgery:
    def operation(self, **more):
        made = {"resourceType": "Procedure", "id": "op", "status": "completed", "subject": P}
        return made | {"category": sct(SURGERY), "code": sct("116140006") | {"text": "Hysterectomy"}} | more

    def test_is_known_by_its_category(self):
        found = record("surgery", self.operation(performedDateTime="2024-06"))
        assert (found["surgery_id"], found["procedure"], found["date"]) == ("op", "Hysterectomy", "2024-06")

    def test_one_that_was_not_done_is_none(self):
        assert items(self.operation(status="not-done")) == []

    def test_another_procedure_is_passed_over(self):
        assert items(self.operation(category=sct("103693007"))) == []

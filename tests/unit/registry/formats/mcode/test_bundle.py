"""Bundles of mCODE: valid by the official schema, the fixed values of the profiles, doses in cGy per volume."""

import io
import json
from typing import Any

import jsonschema_rs
import pytest

from registry.domain.codes.lists import code_list
from registry.formats.exported import ExportedCase
from registry.formats.fhir.reader import read_bundle
from registry.formats.fhir.structure import schema, structure_faults
from registry.formats.fhir.terms import MCODE
from registry.formats.item import Options
from registry.formats.mcode.bundle import bundle
from tests.factories_export import ABOUT, frozen, published

CASES = (*frozen(), *published())
NAMES = [case.registry_id for case in CASES]


def resources(case: ExportedCase, kind: str, **where: Any) -> list[dict[str, Any]]:
    found = [one["resource"] for one in bundle(case, ABOUT)["entry"]]
    return [
        one for one in found if one["resourceType"] == kind and all(one.get(k) == v for k, v in where.items())
    ]


def profiled(case: ExportedCase, name: str) -> list[dict[str, Any]]:
    entries = bundle(case, ABOUT)["entry"]
    return [
        one["resource"]
        for one in entries
        if one["resource"].get("meta", {}).get("profile") == [f"{MCODE}{name}"]
    ]


@pytest.fixture
def case() -> ExportedCase:
    """The invented case."""
    return next(one for one in frozen() if one.site == "KND")


@pytest.fixture(scope="module")
def judge() -> Any:
    return jsonschema_rs.validator_for(schema() | {"$ref": "#/definitions/Bundle"})


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_bundle_and_resources_are_valid_by_the_schema_of_r4(case: ExportedCase, judge: Any) -> None:
    made = json.loads(json.dumps(bundle(case, ABOUT)))
    assert [error.message for error in judge.iter_errors(made)] == []
    for one in made["entry"]:
        assert structure_faults(one["resource"]) == []


def test_the_schema_finds_what_is_wrong(case: ExportedCase, judge: Any) -> None:
    made = bundle(case, ABOUT)
    assert structure_faults(made["entry"][0]["resource"] | {"gender": "F"})
    assert list(judge.iter_errors(made | {"type": "heap"}))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_every_reference_is_to_a_resource_of_the_bundle(case: ExportedCase) -> None:
    made = bundle(case, ABOUT)
    urls = [one["fullUrl"] for one in made["entry"]]
    assert len(set(urls)) == len(urls)
    assert set(_references(made)) <= set(urls)
    assert [one["resource"]["resourceType"] for one in made["entry"]].count("Patient") == 1


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for inner in value.values() for one in _references(inner)]
    return [one for inner in value for one in _references(inner)] if isinstance(value, list) else []


def test_the_dose_is_in_cgy_and_belongs_to_its_volume(case: ExportedCase) -> None:
    volumes = {one["id"]: one for one in profiled(case, "radiotherapy-volume")}
    found = []
    for course in profiled(case, "radiotherapy-course-summary"):
        assert course["code"]["coding"][0]["code"] == "1217123003"
        doses = [one for one in course["extension"] if one["url"].endswith("dose-delivered-to-volume")]
        (dose,) = doses
        parts = {one["url"]: one for one in dose["extension"]}
        quantity = parts["totalDoseDelivered"]["valueQuantity"]
        assert quantity["code"] == quantity["unit"] == "cGy"
        volume = volumes[parts["volume"]["valueReference"]["reference"].removeprefix("urn:uuid:")]
        found.append(
            (volume["description"], quantity["value"], parts["fractionsDelivered"]["valueUnsignedInt"])
        )
    assert found == [("psoas L", 2250, 5), ("node", 1800, 6)]
    assert "sessions" not in json.dumps(bundle(case, ABOUT))


def test_the_syndrome_is_told_by_its_place_and_side(case: ExportedCase) -> None:
    (syndrome,) = profiled(case, "secondary-cancer-condition")
    (place,) = syndrome["bodySite"]
    assert place["coding"][0]["code"] == "68455001"
    assert place["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "51440002"
    assert "stage" not in syndrome
    primary = profiled(case, "primary-cancer-condition")[0]
    (related,) = [one for one in syndrome["extension"] if one["url"].endswith("condition-related")]
    assert related["valueReference"]["reference"] == f"urn:uuid:{primary['id']}"


def test_pain_says_which_score_it_is(case: ExportedCase) -> None:
    scores = [
        (one["effectiveDateTime"], one["code"]["coding"][1]["code"], one["valueQuantity"]["value"])
        for one in resources(case, "Observation")
        if one["code"]["coding"][0]["code"] == "72514-3"
    ]
    assert scores[:4] == [
        ("2025-02-20", "nrs_worst", 8),
        ("2025-02-20", "nrs_average", 6),
        ("2025-02-20", "nrs_least", 3),
        ("2025-02-20", "nrs_now", 5),
    ]


def test_dates_stay_as_partial_as_they_are(case: ExportedCase) -> None:
    (patient,) = resources(case, "Patient")
    assert (patient["birthDate"], patient["deceasedDateTime"]) == ("1934-05", "2025-10-03")
    assert [one["onsetDateTime"] for one in resources(case, "Condition")] == ["2021-05", "2012", "2025-01"]


def test_a_rescue_dose_is_taken_as_needed(case: ExportedCase) -> None:
    (oxycodone,) = [
        one
        for one in resources(case, "MedicationStatement")
        if one["medicationCodeableConcept"]["text"] == "oxycodone"
    ]
    scheduled, rescue = oxycodone["dosage"]
    assert scheduled["timing"]["repeat"] == {"frequency": 2, "period": 1, "periodUnit": "d"}
    assert scheduled["doseAndRate"][0]["doseQuantity"]["value"] == 20
    assert rescue["asNeededBoolean"] is True
    assert rescue["doseAndRate"][0]["doseQuantity"] == scheduled["doseAndRate"][0]["doseQuantity"] | {
        "value": 5
    }


def test_units_are_ucum(case: ExportedCase) -> None:
    known = set(code_list("ucum").entries)

    def units(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["code"]] if value.get("system") == "http://unitsofmeasure.org" else []
            return own + [one for inner in value.values() for one in units(inner)]
        return [one for inner in value for one in units(inner)] if isinstance(value, list) else []

    assert {"cGy", "{score}", "ug/h", "mg"} <= set(units(bundle(case, ABOUT))) <= known


def test_a_therapy_that_was_declined_is_not_given(case: ExportedCase) -> None:
    given = [one["medicationCodeableConcept"]["text"] for one in resources(case, "MedicationAdministration")]
    assert given == ["irinotecan", "fluorouracil"]


def test_the_patient_has_no_name(case: ExportedCase) -> None:
    (patient,) = resources(case, "Patient")
    assert patient["name"] == [
        {
            "extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
            ]
        }
    ]


def test_what_mcode_holds_survives_without_the_questionnaires(case: ExportedCase) -> None:
    """Doses in cGy, fractions, sides and the series of pain scores come back from the mCODE resources alone."""
    made = bundle(case, ABOUT)
    made["entry"] = [
        one for one in made["entry"] if one["resource"]["resourceType"] != "QuestionnaireResponse"
    ]
    forms: dict[str, list[dict[str, Any]]] = {}
    for item in read_bundle(io.BytesIO(json.dumps(made).encode()), Options()).items:
        assert item.envelope is not None, item.problems
        document = json.loads(item.envelope)
        assert document["case"] == case.pseudonym
        for form, records in document["forms"].items():
            forms.setdefault(form, []).extend(records if isinstance(records, list) else [records])
    courses = [
        (one["rt_id"], one["delivered_dose_gy"], one["delivered_fractions"]) for one in forms["radiotherapy"]
    ]
    assert courses == [("RT-1", 22.5, 5), ("RT-2", 18, 6)]
    assert forms["radiotherapy"][0]["target_volume"]["side"] == "left"
    assert forms["mps_episode"][0]["side"] == "bilateral"
    worst = [
        (one["assess_date"], one.get("nrs_worst"), one.get("site_side")) for one in forms["pain_assessment"]
    ]
    assert worst == [
        ("2025-02-20", 8, "left"),
        ("2025-03-31", 4, "left"),
        ("2025-04-28", 0, "left"),
        ("2025-04-28", 2, None),
    ]
    assert [(one["ecog"], one["kps"]) for one in forms["function"]] == [(3, 50), (2, 60)]
    assert forms["death"][0]["death_date"] == "2025-10-03"

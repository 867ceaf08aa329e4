"""NDJSON of single resources: read patient by patient, the same records in whatever order the lines come."""

import io
import random
from pathlib import Path

import orjson
import pytest

from registry.formats.fhir import ndjson
from registry.formats.fhir.reader import read_bundle, read_ndjson
from registry.formats.fhir.terms import CASE, ECOG, RXNORM
from registry.formats.item import Options
from tests.factories_fhir import AT, PATIENT, cc, observation

GOLDEN = Path(__file__).parents[4] / "golden" / "fhir"
SCORE = observation(ECOG, valueInteger=2)


def read(lines):
    body = b"".join(orjson.dumps(one) + b"\n" for one in lines)
    incoming = read_ndjson(io.BytesIO(body), Options(AT))
    return list(incoming.items), [note.message for note in incoming.notes]


def said(items):
    """What items say, whatever their order and place."""
    return sorted(
        item.envelope or b"refused " + orjson.dumps([(one.rule, one.pointer) for one in item.problems])
        for item in items
    )


@pytest.mark.parametrize("seed", range(5))
def test_records_are_those_of_the_bundle_in_any_order_of_lines(seed):
    body = (GOLDEN / "case.json").read_bytes()
    lines = [
        one["resource"] | {"id": one["resource"].get("id", f"x{number}")}
        for number, one in enumerate(orjson.loads(body)["entry"])
    ]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in lines]}
    expected = list(read_bundle(io.BytesIO(orjson.dumps(whole)), Options(AT)).items)
    random.Random(seed).shuffle(lines)
    found, _ = read(lines)
    assert said(found) == said(expected)
    assert len(found) > 10


def test_a_drug_may_be_anywhere_and_of_several_patients():
    drug = {"resourceType": "Medication", "id": "m", "code": cc(RXNORM, "7052")}
    other = PATIENT | {"id": "q", "identifier": [{"system": CASE, "value": "KND-2"}]}
    orders = [
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "subject": {"reference": f"Patient/{name}"},
            "authoredOn": "2025-03-09",
            "medicationReference": {"reference": "https://ehr.example/Medication/m"},
        }
        for name in ("p", "q")
    ]
    found, notes = read([*orders, drug, other, PATIENT])
    forms = [orjson.loads(item.envelope) for item in found]
    assert [(one["case"], one["forms"]["analgesic"][0]["drug_name"]) for one in forms] == [
        ("KND-1", "morphine"),
        ("KND-2", "morphine"),
    ]
    assert len(notes) == 1


def test_what_others_refer_to_is_refused_once():
    found, _ = read([{"resourceType": "Medication", "id": "m", "code": []}, PATIENT])
    assert [(item.place, item.problems[0].rule) for item in found] == [("line 1", "fhir_structure")]


def test_two_resources_of_one_patient_are_one_case():
    again = PATIENT | {"id": "other-server"}
    worst = observation("72514-3", valueInteger=7) | {"code": cc("http://loinc.org", "72514-3")}
    average = SCORE | {"subject": {"reference": "Patient/other-server"}}
    found, _ = read([PATIENT, worst, again, average])
    assert {orjson.loads(item.envelope)["case"] for item in found} == {"KND-1"}


def test_too_many_of_one_patient_are_refused_one_by_one(monkeypatch):
    monkeypatch.setattr(ndjson, "MOST", 3)
    days = [SCORE | {"effectiveDateTime": f"2025-03-0{day}"} for day in range(1, 6)]
    strays = [one | {"subject": {}} for one in days]
    found, _ = read([PATIENT, *days, *strays])
    refused = [item.problems[0].rule for item in found if item.envelope is None]
    assert refused == ["too_many"] * 3 + ["unresolved_reference"] * 5
    assert sum(item.envelope is not None for item in found) == 2

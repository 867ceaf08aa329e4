"""Simulated resources of one patient."""

from io import BytesIO
from typing import Any

import orjson

from registry.formats.fhir.reader import read_bundle
from registry.formats.fhir.terms import CASE, LOINC, SCT
from registry.formats.item import Item, Options

AT = "2026-03-04T09:12:00+09:00"
P = {"reference": "Patient/p"}
PATIENT = {"resourceType": "Patient", "id": "p", "identifier": [{"system": CASE, "value": "KND-1"}]}


def cc(system: str, code: str, **more: Any) -> dict[str, Any]:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}], **more}


def loinc(code: str) -> dict[str, Any]:
    return cc(LOINC, code)


def sct(code: str) -> dict[str, Any]:
    return cc(SCT, code)


def observation(code: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": loinc(code),
        "subject": P,
        "effectiveDateTime": "2025-03-10",
        **more,
    }


def items(*resources: dict[str, Any], patient: dict[str, Any] | None = None, **options: Any) -> list[Item]:
    """The items of a bundle of these resources and their patient."""
    entries = [{"resource": one} for one in (PATIENT if patient is None else patient, *resources)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return list(read_bundle(BytesIO(orjson.dumps(bundle)), Options(**{"recorded_at": AT} | options)).items)


def record(form: str, *resources: dict[str, Any]) -> dict[str, Any]:
    """The one record of a form that is made of these resources."""
    (found,) = records(form, *resources)
    return found


def records(form: str, *resources: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for item in items(*resources):
        assert item.envelope is not None, item.problems
        for name, content in orjson.loads(item.envelope)["forms"].items():
            if name == form:
                found += content if isinstance(content, list) else [content]
    return found


def refusal(*resources: dict[str, Any]) -> tuple[str, str]:
    """Rule and pointer of the one resource that is refused."""
    (item,) = [one for one in items(*resources) if one.envelope is None]
    (problem,) = item.problems
    return problem.rule, problem.pointer


def notes(*resources: dict[str, Any]) -> list[str]:
    return [
        problem.rule for item in items(*resources) for problem in item.problems if problem.severity == "note"
    ]

"""The structure of a resource, judged by the official R4 schema of its type."""

import gzip
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import orjson

from registry.domain.findings import Finding, escape
from registry.formats.item import refusal

READ = frozenset(
    {
        "Patient",
        "Condition",
        "Observation",
        "Procedure",
        "BodyStructure",
        "Medication",
        "MedicationRequest",
        "MedicationAdministration",
        "MedicationStatement",
        "QuestionnaireResponse",
    }
)
"""Resource types that are read; others are named and passed over."""

_OFFICIAL_STRING = rb"^[ \\r\\n\\t\\S]+$"
_STRING = rb"^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]+$"

MOST = 20
"""Faults named of one resource."""


def structure_faults(resource: dict[str, Any]) -> list[Finding]:
    """What is wrong with the structure of a resource of a type that is read; empty when it is sound."""
    found = []
    for error in _validator(resource["resourceType"]).iter_errors(resource):
        steps = [str(step) for step in error.instance_path]
        element, words = _element(error)
        place = [*steps, element] if element else steps
        pointer = "".join(f"/{escape(step)}" for step in place)
        found.append(refusal("fhir_structure", pointer, f"{'.'.join(place)[:120] or 'the resource'} {words}"))
        if len(found) >= MOST:
            break
    return found


def _element(error: jsonschema_rs.ValidationError) -> tuple[str, str]:
    """The element inside the place, if the fault is there or not there, and the fault without the value.

    The value is not repeated: it may name the patient.
    """
    facts = error.kind.as_dict()
    match str(error.schema_path[-1]) if error.schema_path else "":
        case "required":
            return str(facts["property"])[:60], "is required and not there"
        case "additionalProperties":
            return str(facts["unexpected"][0])[:60], "is no element that FHIR R4 knows there"
        case "enum" | "const":
            return "", "has none of the codes that FHIR R4 requires there"
        case "pattern":
            return "", "has not the form that FHIR R4 requires there"
        case "type":
            return "", "is of the wrong JSON type, such as an array where one object belongs"
        case other:
            return "", f"is not as FHIR R4 requires ({other})"


@lru_cache
def schema() -> dict[str, Any]:
    """The schema: definitions of the resource types that are read or written, and of what they refer to.

    Two words of the official schema are mended. It does not say that a complex element is an object, so that an array
    would pass. And its pattern of a string knows no blank but the ASCII ones, while the specification excludes only
    control characters: Japanese text has ideographic spaces.
    """
    packed = gzip.decompress((files("registry.formats.fhir") / "data" / "r4.schema.json.gz").read_bytes())
    found: dict[str, Any] = orjson.loads(packed.replace(_OFFICIAL_STRING, _STRING))
    for definition in found["definitions"].values():
        if "properties" in definition:
            definition.setdefault("type", "object")
    return found


@lru_cache
def _validator(resource_type: str) -> Any:
    """Compiled on first use: a fifth of a second for all types, and most files have few."""
    return jsonschema_rs.validator_for(schema() | {"$ref": f"#/definitions/{resource_type}"})

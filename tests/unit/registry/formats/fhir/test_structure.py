"""The official R4 schema as a judge: what it catches, how it is said, and that arrays are no objects."""

import pytest

from registry.formats.fhir.structure import MOST, READ, schema, structure_faults

OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}


def faults(**changes):
    return {fault.pointer: fault.message for fault in structure_faults(OBSERVATION | changes)}


def test_a_sound_resource_has_none():
    assert faults() == {}
    assert faults(effectiveDateTime="2025-03", valueQuantity={"value": 3, "code": "{score}"}) == {}


@pytest.mark.parametrize(
    ("changes", "pointer", "says"),
    [
        ({"status": "bogus"}, "/status", "none of the codes"),
        ({"effectiveDateTime": "2025-13"}, "/effectiveDateTime", "form"),
        ({"effectiveDateTime": "4 March 2025"}, "/effectiveDateTime", "form"),
        ({"subject": [{"reference": "Patient/1"}]}, "/subject", "array where one object belongs"),
        ({"category": {"text": "x"}}, "/category", "wrong JSON type"),
        ({"valueInteger": "3"}, "/valueInteger", "wrong JSON type"),
        ({"valueQuantity": {"value": "3"}}, "/valueQuantity/value", "wrong JSON type"),
        ({"extension": [None]}, "/extension/0", "wrong JSON type"),
        ({"extra": 1}, "/extra", "no element that FHIR R4 knows"),
        ({"code": {"coding": [{"code": "x", "extra": 1}]}}, "/code/coding/0/extra", "no element"),
        ({"contained": [{"id": "x"}]}, "/contained/0/resourceType", "required"),
    ],
)
def test_a_fault_is_named_with_its_place(changes, pointer, says):
    found = faults(**changes)
    assert list(found) == [pointer]
    assert says in found[pointer]


def test_a_string_may_have_any_blank_but_no_control_character():
    assert faults(valueString="痛み　あり\u00a0\u2003") == {}
    assert list(faults(valueString="a\x0bb")) == ["/valueString"]


def test_what_is_required_is_named():
    (fault,) = structure_faults({"resourceType": "Observation", "status": "final"})
    assert (fault.pointer, fault.message) == ("/code", "code is required and not there")


def test_no_value_is_repeated():
    said = faults(status="Yamada", effectiveDateTime="Yamada", subject=["Yamada"], valueInteger="Yamada")
    assert len(said) == 4
    assert not any("Yamada" in message for message in said.values())


def test_a_resource_of_nothing_but_faults_costs_no_pages():
    assert len(faults(extension=[{"x": n} for n in range(1000)])) <= MOST


def test_every_type_that_is_read_has_its_definition():
    assert set(schema()["definitions"]) >= READ

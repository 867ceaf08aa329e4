"""OperationOutcome: severity, code and place of every finding, by the official schema."""

import jsonschema_rs
import pytest

from registry.formats.fhir.outcome import of_batch, of_problem
from registry.formats.fhir.structure import schema

JUDGE = jsonschema_rs.validator_for(schema() | {"$ref": "#/definitions/OperationOutcome"})


def finding(severity="reject", rule="E11", pointer="", message="too high"):
    return {"severity": severity, "rule": rule, "pointer": pointer, "message": message}


def receipt(*items, **more):
    counts = {"received": 3, "accepted": 1, "rejected": 1, "failed": 0, "waiting": 1}
    return {**counts, "notes": [], "items": list(items), **more}


def item(place, *findings, state="rejected"):
    return {"place": place, "position": 4, "state": state, "findings": list(findings)}


def issues(*items, **more):
    found = of_batch(receipt(*items, **more))
    JUDGE.validate(found)
    return found["issue"]


def test_an_outcome_says_how_many_stand_where():
    (issue,) = issues()
    assert issue["diagnostics"] == "received 3: 1 accepted, 1 rejected, 0 failed, 1 waiting"
    assert (issue["severity"], issue["code"]) == ("information", "informational")


@pytest.mark.parametrize(
    ("severity", "word"), [("reject", "error"), ("query", "warning"), ("note", "information")]
)
def test_severities_have_their_words(severity, word):
    assert issues(item("line 1", finding(severity)))[1]["severity"] == word


@pytest.mark.parametrize(
    ("place", "pointer", "expression"),
    [
        ("Bundle.entry[3].resource", "/code/coding/0/code", ["Bundle.entry[3].resource.code.coding[0].code"]),
        ("Bundle.entry[3].resource", "", ["Bundle.entry[3].resource"]),
        ("Patient", "/gender", ["Patient.gender"]),
        ("line 3", "/gender", None),
        ("Bundle.entry[3].resource", "/forms/function/0/ecog", None),
        (None, "/gender", None),
    ],
)
def test_the_culprit_is_named_in_fhirpath_where_it_is_in_the_resource(place, pointer, expression):
    issue = issues(item(place, finding(pointer=pointer)))[1]
    assert issue.get("expression") == expression
    assert expression or pointer in issue["diagnostics"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("fhir_structure", "structure"),
        ("required", "required"),
        ("unresolved_reference", "not-found"),
        ("E11", "business-rule"),
    ],
)
def test_a_rule_has_the_nearest_code_and_its_own(rule, code):
    issue = issues(item("Patient", finding(rule=rule)))[1]
    assert issue["code"] == code
    assert issue["details"]["coding"][0]["code"] == rule


def test_notes_and_dead_letters_are_issues():
    found = issues(
        item("line 1", state="failed"), notes=[finding("note", "passed_over", message="Encounter (1)")]
    )
    assert [(one["severity"], one["code"]) for one in found[1:]] == [
        ("information", "informational"),
        ("fatal", "exception"),
    ]


@pytest.mark.parametrize(("status", "severity"), [(400, "error"), (503, "fatal")])
def test_a_problem_is_an_outcome(status, severity):
    found = of_problem(status, [{"pointer": "/entry", "code": "fhir_structure", "detail": "to be an array"}])
    JUDGE.validate(found)
    assert found["issue"][0]["severity"] == severity
    assert found["issue"][0]["expression"] == ["entry"]

"""QuestionnaireResponse: a record without loss, which comes before what mCODE says of it."""

import re
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings

from registry.domain.case import Version
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import Form
from registry.formats.fhir.questionnaire import questionnaire_response
from registry.formats.fhir.structure import structure_faults
from registry.formats.fhir.terms import ECOG, FORM
from tests.factories_fhir import P, items, observation, refusal
from tests.strategies import RECORDS

AT = datetime(2026, 3, 4, tzinfo=UTC)


def envelope(*resources: dict[str, Any]) -> dict[str, Any]:
    (item,) = items(*resources)
    assert item.envelope is not None, item.problems
    found: dict[str, Any] = orjson.loads(item.envelope)
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(RECORDS)
def test_a_record_comes_back_unchanged(drawn: tuple[type[Form], dict[str, Any]]) -> None:
    form, plain = drawn
    content = form.model_validate(plain)
    assume(b"\\u0000" not in orjson.dumps(plain))
    assume(all(getattr(content, name) is None for name in content.missing))
    made = questionnaire_response(Version.of(content, AT, "because"), P)
    assert structure_faults(made) == []
    strings = [item["answer"][0].get("valueString", "x") for item in made["item"]]
    assert all(re.fullmatch(r"[ \r\n\t\S]+", one) for one in strings)  # as the schema unmended has it
    found = envelope(made)
    sent = found["forms"][form.NAME]
    assert form.model_validate(sent[0] if form.KEY else sent) == content
    assert (found["recorded_at"], found["reason"]) == ("2026-03-04T00:00:00Z", "because")


def ecog(value: int) -> dict[str, Any]:
    content = FORMS_BY_NAME["function"].model_validate(
        {"assess_date": "2025-03-10", "ecog": value, "kps": 60}
    )
    return questionnaire_response(Version.of(content, AT), P)


def test_it_comes_before_the_same_form_in_mcode() -> None:
    found = envelope(ecog(3), observation(ECOG, valueInteger=2))
    assert found["forms"]["function"] == [{"assess_date": "2025-03-10", "ecog": 3, "kps": 60}]


def test_versions_of_a_record_stay_versions() -> None:
    later = ecog(4) | {"authored": "2026-04-01T00:00:00Z"}
    found = [orjson.loads(item.envelope or b"") for item in items(ecog(3), later)]
    assert [(one["recorded_at"][:10], one["forms"]["function"][0]["ecog"]) for one in found] == [
        ("2026-03-04", 3),
        ("2026-04-01", 4),
    ]


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"questionnaire": f"{FORM}x"}, "unknown_form", "/questionnaire"),
        ({"item": [{"linkId": "x"}]}, "unknown_field", "/item/0/linkId"),
        (
            {"item": [{"linkId": "ecog", "answer": [{"valueString": "!x"}]}]},
            "unknown_reason",
            "/item/0/answer",
        ),
        ({"item": [{"linkId": "note", "answer": [{"valueString": "=1+1"}]}]}, "formula", "/item/0/answer"),
        (
            {"item": [{"linkId": "note", "answer": [{"valueAttachment": {"data": "!"}}]}]},
            "attachment",
            "/item/0/answer",
        ),
    ],
)
def test_what_is_not_of_the_form_is_refused(changes: dict[str, Any], rule: str, pointer: str) -> None:
    assert refusal(ecog(3) | changes) == (rule, pointer)


@pytest.mark.parametrize(
    "changes",
    [{"questionnaire": "http://elsewhere/x"}, {"status": "in-progress"}, {"status": "entered-in-error"}],
)
def test_another_or_an_unfinished_one_is_passed_over(changes: dict[str, Any]) -> None:
    assert items(ecog(3) | changes) == []

"""Whatever the forms accept is the same after a round trip through canonical JSON."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from registry.domain.case import canonical, content_hash
from registry.domain.dictionary_json import json_schema
from registry.domain.forms.form import Form
from tests.strategies import RECORDS


@pytest.fixture(scope="module")
def schema():
    return jsonschema_rs.validator_for(json_schema())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(record=RECORDS)
def test_what_a_form_accepts_the_schema_accepts(schema, record):
    form, plain = record
    form.model_validate(plain)
    schema.validate(
        {
            "case": "A-1",
            "recorded_at": "2026-01-01T00:00:00Z",
            "forms": {form.NAME: [plain] if form.KEY else plain},
        }
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_round_trip_through_canonical_json_is_the_identity(record: tuple[type[Form], dict[str, Any]]):
    form, plain = record
    first = form.model_validate(plain)
    again = form.model_validate(json.loads(canonical(first)))
    assert again == first
    assert again.key == first.key
    assert content_hash(again) == content_hash(first)

"""A record that is exported as FHIR and read again is the same record, whatever the forms accept."""

import io
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings

from registry.domain.case import Case, Version
from registry.domain.forms.form import Form
from registry.domain.reading import read_submission
from registry.formats.fhir.reader import read_bundle
from registry.formats.fhir.structure import schema, structure_faults
from registry.formats.item import NO_OPTIONS
from registry.formats.mcode.bundle import bundle
from tests.factories_export import ABOUT, exported
from tests.strategies import RECORDS

AT = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def r4() -> Any:
    return jsonschema_rs.validator_for(schema() | {"$ref": "#/definitions/Bundle"})


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(record=RECORDS)
def test_a_record_comes_back_unchanged(r4: Any, record: tuple[type[Form], dict[str, Any]]) -> None:
    form, plain = record
    content = form.model_validate(plain)
    assume(b"\\u0000" not in orjson.dumps(plain))  # no text the registry takes
    assume(all(getattr(content, name) is None for name in content.missing))  # refused when it is read
    assume(content.retracted is None)  # a withdrawn record is no part of the case as it stands
    first = Version.of(content, AT, "because")
    made = orjson.dumps(bundle(exported(Case.of([first])), ABOUT))
    parsed = orjson.loads(made)
    assert [error.message for error in r4.iter_errors(parsed)] == []
    for one in parsed["entry"]:
        assert structure_faults(one["resource"]) == [], one
    (item,) = read_bundle(io.BytesIO(made), NO_OPTIONS).items
    assert item.envelope is not None, item.problems
    document = orjson.loads(item.envelope)
    submission, findings = read_submission(document)
    sent = document["forms"][form.NAME]
    again = form.model_validate(sent[0] if form.KEY else sent)
    assert Version.of(again, AT).hash == first.hash
    assert (document["case"], document["reason"]) == ("KND-0001", "because")
    assert datetime.fromisoformat(document["recorded_at"]) == AT
    if submission is not None:
        assert [one.hash for one in submission.versions] == [first.hash], findings

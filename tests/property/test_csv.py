"""What is written as CSV is read as the same record, whatever the forms accept."""

import io
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import HealthCheck, assume, example, given, settings

from registry.domain.case import Version
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import Form
from registry.domain.reading import read_submission
from registry.formats.csv.reader import read
from registry.formats.csv.writer import write
from registry.formats.item import Options
from tests.strategies import RECORDS

AT = datetime(2026, 3, 4, tzinfo=UTC)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
@example((FORMS_BY_NAME["radiotherapy"], {"rt_id": "a", "target_volume": {}, "oars": [], "note": " =x\r\n!"}))
@example((FORMS_BY_NAME["primary_cancer"], {"recurrences": [{}, {"sites": ["lung", "liver"]}]}))
@example((FORMS_BY_NAME["consent"], {"withdrawal": {"affected_snapshots": ["", "a;b", " c"]}}))
@example((FORMS_BY_NAME["mps_episode"], {"mechanism": [], "missing": {"imaging": "not_performed"}}))
def test_a_record_comes_back_unchanged(record: tuple[type[Form], dict[str, Any]]) -> None:
    form, plain = record
    content = form.model_validate(plain)
    assume(b"\\u0000" not in orjson.dumps(plain))  # no text the registry takes
    assume(all(getattr(content, name) is None for name in content.missing))  # refused when it is read
    first = Version.of(content, AT, "because")
    text = write(form.NAME, [("A-1", first)])
    (item,) = read(io.BytesIO(text.encode()), Options(form=form.NAME)).items
    assert item.envelope is not None, item.problems
    document = orjson.loads(item.envelope)
    sent = document["forms"].get(form.NAME) or ([{}] if form.KEY else {})
    again = form.model_validate(sent[0] if form.KEY else sent)
    assert again == content
    assert (document["case"], document["reason"]) == ("A-1", "because")
    assert datetime.fromisoformat(document["recorded_at"]) == AT
    assert Version.of(again, AT).hash == first.hash
    read_submission(document)

"""What docs/formats.md says is so."""

import re
from pathlib import Path

from registry.domain.forms import FORMS
from registry.domain.forms.form import NULL_REASONS
from registry.formats.csv.encoding import CHARSETS
from registry.formats.incoming import FORMATS
from registry.formats.redcap.mapping_file import read_mapping
from registry.formats.redcap.names import missing_code

TEXT = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_format_is_there():
    assert {one for one in FORMATS if one != "application/ndjson"} <= set(re.findall(r"`([^`]+)`", TEXT))


def test_the_mapping_file_is_one():
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    found = read_mapping(example)
    assert [one.form for one in found.records] == ["pain_assessment", "radiotherapy"]


def test_the_missing_data_codes_are_all():
    assert all(f"`{missing_code(reason)}`" in TEXT for reason in NULL_REASONS)


def test_the_instruments_that_do_not_repeat_are_named():
    assert [form.NAME for form in FORMS if not form.KEY] == ["patient", "death"]
    assert "every instrument but `patient` and `death`" in TEXT


def test_the_encodings_are_known():
    (named,) = re.findall(r"encoding of a table \(([^)]*)\)", TEXT)
    assert {one.strip(" `") for one in named.split(",")} <= set(CHARSETS)

"""Mapping files: what a data manager may say, and a clear word where it is wrong."""

import pytest

from registry.errors import BadRequest
from registry.formats.redcap.mapping_file import read_mapping

WHOLE = """
record: study_id
recorded_at: {field: entered, zone: Asia/Tokyo}
missing: {"-999": not_asked}
ignore: [name, "notes_*"]
records:
  - form: radiotherapy
    event: rt_arm_1
    instrument: rt
    fields:
      rt_id: id
      delivered_dose_gy: {field: dose, unit: cGy}
      target_volume.side: {field: side, values: {1: left, 2: right, no: null}}
      concurrent_support: {checkbox: support, values: {1: sedation}}
    constants: {intent: palliative}
    otherwise: not_stated
"""


def test_a_whole_file_is_understood():
    found = read_mapping(WHOLE)
    assert (found.record, found.missing) == ("study_id", {"-999": "not_asked"})
    assert found.recorded is not None
    assert (found.recorded.field, found.recorded.zone) == ("entered", "Asia/Tokyo")
    (one,) = found.records
    assert (one.form, one.events, one.instrument, one.otherwise) == (
        "radiotherapy",
        frozenset({"rt_arm_1"}),
        "rt",
        "not_stated",
    )
    sources = {filled.heading: filled.source for filled in one.filled}
    assert sources["delivered_dose_gy"].factor == 0.01
    assert sources["target_volume.side"].values == {"1": "left", "2": "right", "no": "null"}
    assert sources["concurrent_support"].checkbox
    assert sources["intent"].constant == "palliative"


def test_fields_are_ignored_by_name_or_beginning():
    found = read_mapping(WHOLE)
    assert [name for name in ("name", "names", "notes_a", "note") if found.ignores(name)] == [
        "name",
        "notes_a",
    ]


def test_a_time_and_a_version_stay_what_was_written():
    found = read_mapping("recorded_at: 2026-03-04T09:12:00+09:00\nrecords: []")
    assert found.recorded_at == "2026-03-04T09:12:00+09:00"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Input should be"),
        ("records: [", "no YAML in line 1"),
        ("records: no", "at `records`"),
        ("records: []\nfoo: 1", "at `foo`"),
        ("records: [{form: x}]", "no form `x`"),
        ("records: [{form: death, fields: {x: y}}]", "death has no variable `x`"),
        ("records: [{form: death, constants: {x: y}}]", "death has no variable `x`"),
        ("records: [{form: death, otherwise: because}]", "no known reason"),
        ("records: []\nmissing: {9: because}", "missing data code 9"),
        ("records: []\nrecords: []", "`records` stands twice"),
        (
            "records: [{form: death, fields: {cause: {values: {1: other}}}}]",
            "either a `field` or a `checkbox`",
        ),
        ("records: [{form: death, fields: {cause: {checkbox: c, values: {1: other}}}}]", "takes one value"),
        ("records: [{form: symptoms, fields: {pain_sites: {checkbox: c}}}]", "what each box means"),
        ("records: [{form: patient, fields: {height_cm: {field: h, unit: kg}}}]", "in cm; kg can not"),
        ("a: &a [1]\nrecords: *a", "anchor or an alias"),
        (
            "records: !!python/object/apply:os.system [ls]",
            "at `records.0`: Input should be a valid dictionary",
        ),
        ("x" * 1_000_001, "larger than"),
        ("[" * 3000, "no YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, says):
    with pytest.raises(BadRequest) as caught:
        read_mapping(text)
    assert str(caught.value).startswith("the mapping file: ")
    assert says in str(caught.value)
    assert caught.value.facts["code"] == "mapping"

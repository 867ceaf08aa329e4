"""Files made to cost their reader much more than their sender: refused with a reason, in memory that stays flat."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest

from registry.errors import BadRequest, TooLarge
from registry.formats.fhir import bundle, reader
from registry.formats.incoming import split
from registry.formats.item import Options
from registry.formats.json import document
from registry.formats.lines import MOST_BLANK

AT = "2026-03-04T09:12:00+09:00"
HEAD = b"case,recorded_at,assess_date,nrs_worst,index_or_nonindex,site_side\n"
ROW = f"A,{AT},2025-03-10,5,index,left".encode()
PROJECT = (Path(__file__).parents[3] / "golden/redcap/own.xml").read_bytes()


def read(body, media_type):
    return list(
        split(io.BytesIO(body), media_type, max_bytes=100_000_000, options=Options(recorded_at=AT)).items
    )


@pytest.mark.parametrize("blank", [b"\n", b"\r\n", b",,,\n"])
def test_a_table_of_nothing_is_refused(blank):
    with pytest.raises(BadRequest, match="blank lines"):
        read(HEAD + ROW + b"\n" + blank * (MOST_BLANK + 1), "text/csv")


def test_a_long_table_with_the_line_ends_of_old_macs_is_read():
    found = read(HEAD.replace(b"\n", b"\r") + (ROW + b"\r") * 25_000, "text/csv")
    assert len(found) == 25_000
    assert all(item.envelope for item in found)


def test_one_line_that_is_too_long_is_no_table():
    with pytest.raises(BadRequest, match="is no table"):
        read(HEAD + b"x" * 1_100_000, "text/csv")


def test_a_bundle_of_empty_entries_is_refused(monkeypatch):
    monkeypatch.setattr(bundle, "MOST_ENTRIES", 10)
    body = {"resourceType": "Bundle", "type": "collection", "entry": [{}] * 11}
    with pytest.raises(TooLarge, match="10 entries"):
        read(json.dumps(body).encode(), "application/fhir+json")


def test_lines_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(reader, "MOST_RESOURCES", 10)
    with pytest.raises(TooLarge, match="10 lines"):
        read(b'{"resourceType": "Patient"}\n' * 11, "application/fhir+ndjson")


@pytest.mark.parametrize("tag", [b'<a b="' + b"x" * 1_200_000 + b'"/>', b"<a " + b'b="1" ' * 200_000 + b"/>"])
def test_a_tag_without_end_is_refused(tag):
    at = PROJECT.index(b"<ClinicalData")
    with pytest.raises(BadRequest, match="more than 1000000 bytes"):
        read(PROJECT[:at] + tag + PROJECT[at:], "application/vnd.redcap.odm+xml")


@pytest.mark.parametrize("inside", [b"x" * 2_000_000, b"\\n" * 1_000_000])
def test_a_long_text_costs_no_more_than_its_parser_takes(inside):
    body = b'{"a": "' + inside + b'"}'
    tracemalloc.start()
    parsed, problem = document(body, max_depth=5)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problem is None
    assert len(parsed["a"]) >= 1_000_000
    assert peak < 20 * len(body)  # orjson takes twelve times, whatever is in it

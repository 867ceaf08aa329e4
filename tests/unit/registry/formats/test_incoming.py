"""Formats that come in: chosen by media type, decompressed no further than the limit."""

import contextlib
import gzip
import io

import pytest

from registry.errors import BadRequest, TooLarge, UnsupportedFormat
from registry.formats import whole
from registry.formats.incoming import FORMATS, SUFFIXES, SUFFIXES_FROM, split
from registry.formats.item import Options
from registry.formats.lines import MOST_BLANK
from registry.pipeline.process import read
from registry.settings import Settings

NDJSON = "application/x-ndjson"


def envelopes(body, media_type, encoding=None, **more):
    """The envelopes of a body, with their places."""
    incoming = split(io.BytesIO(body), media_type, encoding, max_bytes=1000, **more)
    return [(item.place, item.envelope) for item in incoming.items]


class TestSplit:
    def test_both_shapes_give_the_same_submissions(self):
        expected = [b'{"case": "A"}', b'{"case": "B"}']
        assert envelopes(b"\n\n".join(expected), NDJSON) == [("line 1", expected[0]), ("line 3", expected[1])]
        array = b"[" + b",".join(expected) + b"]"
        assert envelopes(array, "application/json") == [("item 1", expected[0]), ("item 2", expected[1])]

    @pytest.mark.parametrize("encoding", [None, "", "identity", "gzip", " GZIP "])
    def test_encodings_that_are_read(self, encoding):
        body = b'{"case": "A"}'
        sent = gzip.compress(body) if encoding and "gzip" in encoding.lower() else body
        assert envelopes(sent, NDJSON, encoding) == [("line 1", body)]

    @pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "x" * 1000])
    def test_other_encodings_are_refused(self, encoding):
        with pytest.raises(UnsupportedFormat, match="only compression taken is gzip") as caught:
            envelopes(b"{}", NDJSON, encoding)
        assert len(str(caught.value)) < 100

    def test_other_media_types_are_refused_with_those_there_are(self):
        with pytest.raises(UnsupportedFormat, match=r"application/x-ndjson.*not as text/html"):
            envelopes(b"{}", "text/html")

    @pytest.mark.parametrize("body", [b"", b"\n\n", b"[]"])
    def test_an_empty_batch_is_refused(self, body):
        with pytest.raises(BadRequest):
            envelopes(body, "application/json" if b"[" in body else NDJSON)

    def test_a_broken_array_says_where_and_which_kind(self):
        with pytest.raises(BadRequest, match="line 2, column 1") as caught:
            envelopes(b"[\n}", "application/json")
        assert caught.value.facts == {"code": "not_json", "pointer": ""}

    def test_every_ending_of_a_file_has_its_format(self):
        endings = [SUFFIXES, *SUFFIXES_FROM.values()]
        assert {media_type for one in endings for media_type in one.values()} <= set(FORMATS)

    @pytest.mark.parametrize("media_type", sorted(FORMATS))
    @pytest.mark.parametrize(
        "body", [b"", b"\0", b"\xff\xfe", b"PK\x03\x04", b"<a/>", b"{", b"[" * 2000, b'"', b"a,b\n1", b"null"]
    )
    def test_rubbish_is_refused_or_becomes_refused_items(self, media_type, body):
        options = Options(recorded_at="2026-03-04T09:12:00+09:00")
        with contextlib.suppress(BadRequest):
            items = list(split(io.BytesIO(body), media_type, max_bytes=1000, options=options).items)
            assert items
            assert all(read(item.payload, Settings())[0] is None for item in items)


@pytest.mark.parametrize("media_type", [NDJSON, "application/json"])
def test_more_items_than_are_taken_are_refused_before_the_first_is_stored(media_type):
    def body(count):
        return b"{}\n" * count if media_type == NDJSON else b"[" + b",".join([b"{}"] * count) + b"]"

    with pytest.raises(TooLarge, match="3 submissions"):
        split(io.BytesIO(body(4)), media_type, max_bytes=100, max_items=3)
    assert len(list(split(io.BytesIO(body(3)), media_type, max_bytes=100, max_items=3).items)) == 3


def test_more_rows_than_are_taken():
    table = b"case,recorded_at,function.ecog\n" + b"A,2026-03-04T09:12:00Z,1\n" * 4
    found = split(io.BytesIO(table), "text/csv", max_bytes=1000, max_items=3)
    with pytest.raises(TooLarge, match="3 submissions"):
        list(found.items)


@pytest.mark.parametrize("item", [b'{"case": "A", "reason": "%s"}' % (b"x" * 1000), b"x" * 1000])
def test_of_an_item_that_is_too_large_nothing_is_kept(item):
    found = split(io.BytesIO(item + b"\n{}\n"), NDJSON, max_bytes=10_000, max_item_bytes=900)
    large, small = found.items
    assert (large.place, large.payload, [one.rule for one in large.problems]) == (
        "line 1",
        b"",
        ["too_large"],
    )
    assert large.case == ("A" if b"case" in item else None)
    assert small.envelope == b"{}"


def test_blank_lines_without_end_are_refused():
    body = b"{}" + b"\n" * (MOST_BLANK + 1)
    assert len(envelopes(body, NDJSON)) == 1
    with pytest.raises(BadRequest, match="blank lines"):
        envelopes(body + b"\n", NDJSON)


@pytest.mark.parametrize(
    ("media_type", "instead"),
    [
        ("application/json", "application/x-ndjson"),
        ("application/fhir+json", r"application/fhir\+ndjson"),
        ("application/vnd.mps.redcap+json", "in parts"),
    ],
)
def test_what_is_read_as_a_whole_has_a_limit_of_its_own(media_type, instead, monkeypatch):
    monkeypatch.setattr(whole, "MOST_BYTES", 10)
    with pytest.raises(TooLarge, match=instead):
        split(io.BytesIO(b"[" + b" " * 10 + b"]"), media_type, max_bytes=1_000)

"""Formats that come in: chosen by media type, decompressed no further than the limit."""

import contextlib
import gzip
import io
import time
import tracemalloc
import zlib

import pytest

from registry.errors import BadRequest, TooLarge, UnsupportedFormat
from registry.formats.incoming import FORMATS, SUFFIXES, SUFFIXES_FROM, gunzip, split
from registry.formats.item import Options
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


class TestGunzip:
    def test_a_bomb_is_refused_at_the_limit(self):
        """A thousandfold bomb of 200 MB; were it unpacked, the time would tell."""
        bomb = zlib.compressobj(9, wbits=31)
        body = b"".join(bomb.compress(bytes(1_000_000)) for _ in range(200)) + bomb.flush()
        began = time.process_time()
        with pytest.raises(TooLarge, match="larger than the 1000 bytes"):
            gunzip(body, 1_000)
        assert time.process_time() - began < 0.1

    def test_the_limit_itself_is_taken(self):
        assert gunzip(gzip.compress(bytes(1_000)), 1_000) == bytes(1_000)
        with pytest.raises(TooLarge):
            gunzip(gzip.compress(bytes(1_001)), 1_000)

    def test_all_members_are_read(self):
        """Two gzip files one after the other are a gzip file; the second must not be lost."""
        assert gunzip(gzip.compress(b"a\n") + gzip.compress(b"b\n"), 1_000) == b"a\nb\n"
        with pytest.raises(TooLarge):
            gunzip(gzip.compress(bytes(600)) + gzip.compress(bytes(600)), 1_000)

    @pytest.mark.parametrize("cut", [1, 5, 12, 20])
    def test_a_cut_body_is_refused(self, cut):
        with pytest.raises(BadRequest, match="cut off"):
            gunzip(gzip.compress(b'{"case": "A"}' * 100)[:-cut], 10_000)

    @pytest.mark.parametrize(
        "body", [b'{"case": "A"}', gzip.compress(b"{}", mtime=0) + b"rubbish", b"PK\x03\x04"]
    )
    def test_what_is_no_gzip_is_refused(self, body):
        with pytest.raises(BadRequest, match="it is not"):
            gunzip(body, 10_000)

    def test_a_damaged_body_is_refused(self):
        body = bytearray(gzip.compress(b"abcdefgh" * 50, mtime=0))
        body[-6] ^= 1  # its checksum
        with pytest.raises(BadRequest, match="damaged"):
            gunzip(bytes(body), 10_000)


def test_a_bomb_costs_no_memory():
    limit = 50_000_000
    bomb = gzip.compress(bytes(4 * limit), 1)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="decompressed"):
            gunzip(bomb, limit)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_more_items_than_are_taken():
    found = split(io.BytesIO(b"{}\n" * 4), "application/x-ndjson", max_bytes=100, max_items=3)
    with pytest.raises(TooLarge, match="3 submissions"):
        list(found.items)
    exactly = split(io.BytesIO(b"{}\n" * 3), "application/x-ndjson", max_bytes=100, max_items=3)
    assert len(list(exactly.items)) == 3

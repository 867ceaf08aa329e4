"""Formats that come in: chosen by media type, decompressed no further than the limit."""

import gzip
import time
import zlib

import pytest

from registry.errors import BadRequest, TooLarge, UnsupportedFormat
from registry.formats.incoming import SPLITTERS, SUFFIXES, gunzip, split

NDJSON = "application/x-ndjson"


class TestSplit:
    def test_both_shapes_give_the_same_submissions(self):
        expected = [b'{"case": "A"}', b'{"case": "B"}']
        assert split(b"\n".join(expected), NDJSON, None, max_bytes=1000) == expected
        assert split(b"[" + b",".join(expected) + b"]", "application/json", None, max_bytes=1000) == expected

    @pytest.mark.parametrize("encoding", [None, "", "identity", "gzip", " GZIP "])
    def test_encodings_that_are_read(self, encoding):
        body = b'{"case": "A"}'
        sent = gzip.compress(body) if encoding and "gzip" in encoding.lower() else body
        assert split(sent, NDJSON, encoding, max_bytes=1000) == [body]

    @pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "x" * 1000])
    def test_other_encodings_are_refused(self, encoding):
        with pytest.raises(UnsupportedFormat, match="only compression taken is gzip") as caught:
            split(b"{}", NDJSON, encoding, max_bytes=1000)
        assert len(str(caught.value)) < 100

    def test_other_media_types_are_refused_with_those_there_are(self):
        with pytest.raises(UnsupportedFormat, match=r"application/x-ndjson.*not as text/html"):
            split(b"{}", "text/html", None, max_bytes=1000)

    @pytest.mark.parametrize("body", [b"", b"\n\n", b"[]"])
    def test_an_empty_batch_is_refused(self, body):
        with pytest.raises(BadRequest):
            split(body, "application/json" if b"[" in body else NDJSON, None, max_bytes=1000)

    def test_a_broken_array_says_where_and_which_kind(self):
        with pytest.raises(BadRequest, match="line 2, column 1") as caught:
            split(b"[\n}", "application/json", None, max_bytes=1000)
        assert caught.value.facts == {"code": "not_json", "pointer": ""}

    def test_every_ending_of_a_file_has_its_format(self):
        assert set(SUFFIXES.values()) <= set(SPLITTERS)


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

    @pytest.mark.parametrize("body", [b'{"case": "A"}', gzip.compress(b"{}") + b"rubbish", b"PK\x03\x04"])
    def test_what_is_no_gzip_is_refused(self, body):
        with pytest.raises(BadRequest, match="it is not"):
            gunzip(body, 10_000)

    def test_a_damaged_body_is_refused(self):
        body = bytearray(gzip.compress(b"abcdefgh" * 50, mtime=0))
        body[-6] ^= 1  # its checksum
        with pytest.raises(BadRequest, match="damaged"):
            gunzip(bytes(body), 10_000)

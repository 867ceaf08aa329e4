"""gzip: what is one is read whole, what is none is refused, and neither takes longer than its size says."""

import gzip
import time
import tracemalloc
import zlib

import pytest

from registry.errors import BadRequest, TooLarge
from registry.formats.gunzip import MOST_MEMBERS, gunzip


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

    @pytest.mark.parametrize("zeros", [1, 100, 5_000_000])
    def test_padding_is_passed_over(self, zeros):
        assert gunzip(gzip.compress(b"a") + bytes(zeros), 1_000) == b"a"
        with pytest.raises(BadRequest, match="it is not"):
            gunzip(gzip.compress(b"a") + bytes(zeros) + b"b", 1_000)

    def test_a_long_name_is_passed_over(self):
        plain = gzip.compress(b"a")
        assert (
            gunzip(plain[:3] + b"\x08" + plain[4:10] + b"n" * 5_000_000 + b"\0" + plain[10:], 1_000) == b"a"
        )

    def test_members_without_end_are_refused(self):
        assert gunzip(gzip.compress(b"") * MOST_MEMBERS, 1_000) == b""
        with pytest.raises(BadRequest, match="parts"):
            gunzip(gzip.compress(b"") * (MOST_MEMBERS + 1), 1_000)

    def test_a_gzip_in_a_gzip_is_opened_once(self):
        inner = gzip.compress(b"a")
        assert gunzip(gzip.compress(inner), 1_000) == inner

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

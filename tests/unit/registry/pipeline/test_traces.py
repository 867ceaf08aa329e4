"""What is read in a value where something is looked for."""

import gzip
import zipfile
from io import BytesIO

import pytest

from registry.pipeline.traces import readings


def zipped(name, content):
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return made.getvalue()


# Named, because both formats hold the time of their making, and a test's name must be the same in every process.
@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"KND-0001"), zipped("x.csv", b"KND-0001"), zipped("KND-0001", b"")],
    ids=["gzip", "zip", "name"],
)
def test_what_is_packed_is_unpacked(packed):
    assert b"KND-0001" in set(readings(packed))


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"KND-0001 " * 99), zipped("x.csv", b"KND-0001 " * 99)],
    ids=["gzip", "zip"],
)
def test_what_is_cut_off_or_only_begins_so_is_read_as_it_is(packed):
    """A hash begins like a gzip file once in 65,536 times."""
    for damaged in (packed[:2], packed[:4] + b"\xd0*\xa9\xad\x9b\xa7\xc6X", packed[: len(packed) // 2]):
        assert next(iter(readings(damaged))) == damaged
        assert list(readings(damaged))

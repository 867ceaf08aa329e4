"""A snapshot as bytes: a head in JSON, then the codes of each column, each compressed by itself.

    "MPSNAP2\\n", length of the head (8 bytes, little-endian), head, parts in the order the head names them

The head holds the distinct values of every column. Columns compress a hundredfold where rows do not: a million cases
take about as much room as a photograph.
"""

import sys
import zlib
from typing import Any

import numpy as np
import orjson

from registry.domain.analysis.columns import Cohort, Column, out_of_json
from registry.errors import Conflict
from registry.pipeline.frozen_cases import FrozenCases

MAGIC = b"MPSNAP2\n"
FAST = 1
"""Level of compression: a higher one takes five times as long for a few percent."""


def pack(about: dict[str, Any], cases: FrozenCases) -> bytes:
    """What the snapshot says of itself, and its cases."""
    columns = cases.cohort.columns
    codes, sites = _codes(cases.sites)
    bodies = [
        codes.tobytes(),
        cases.records,
        *(_little(column.codes).tobytes() for column in columns.values()),
    ]
    parts = [zlib.compress(body, FAST) for body in bodies]
    head = {
        **about,
        "size": len(cases),
        "sites": sites,
        "names": list(cases.names),
        "queries": [[place, *one] for place, found in enumerate(cases.queries) for one in found],
        "columns": [[path, column.codes.dtype.name, list(column.values)] for path, column in columns.items()],
        "parts": [len(part) for part in parts],
    }
    told = zlib.compress(orjson.dumps(head), FAST)
    return b"".join((MAGIC, len(told).to_bytes(8, "little"), told, *parts))


def unpack(content: bytes) -> tuple[dict[str, Any], FrozenCases]:
    """Both again. Raises Conflict for a snapshot in another form."""
    if not content.startswith(MAGIC):
        raise Conflict("this snapshot was made by another version of the registry, which alone can read it")
    begin = len(MAGIC) + 8
    end = begin + int.from_bytes(content[len(MAGIC) : begin], "little")
    head: dict[str, Any] = orjson.loads(zlib.decompress(content[begin:end]))
    bodies = []
    for size in head.pop("parts"):
        bodies.append(zlib.decompress(memoryview(content)[end : end + size]))
        end += size
    size, sites, names = (head.pop(name) for name in ("size", "sites", "names"))
    codes, records, *figures = bodies
    queries: list[tuple[tuple[str, int], ...]] = [()] * size
    for place, rule, age in head.pop("queries"):
        queries[place] += ((rule, age),)
    columns = {
        path: Column(
            out_of_json(path, values),
            np.frombuffer(body, dtype=np.dtype(kind).newbyteorder("<")).astype(kind, copy=False),
        )
        for (path, kind, values), body in zip(head.pop("columns"), figures, strict=True)
    }
    of = [sites[code] for code in np.frombuffer(codes, dtype="<u4").tolist()]
    return head, FrozenCases(of, names, records, queries, Cohort(columns, size))


def _codes(values: Any) -> tuple[Any, list[str]]:
    table: dict[str, int] = {}
    codes = [table.setdefault(value, len(table)) for value in values]
    return np.array(codes, dtype="<u4"), list(table)


def _little(codes: Any) -> Any:
    return codes if sys.byteorder == "little" else codes.byteswap()

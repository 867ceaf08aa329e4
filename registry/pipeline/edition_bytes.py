"""What a published report lets its readers know, as bytes: a head in JSON, then the groups of patients as bits.

Kept beside the report for the registry alone, because the next public report is judged beside it.
"""

import zlib
from typing import Any

import orjson

from registry.domain.disclosure.puzzle import Range
from registry.domain.disclosure.quantities import Relation
from registry.domain.disclosure.series import Edition

FAST = 1


def pack(edition: Edition) -> bytes:
    """The edition as bytes."""
    width = -(-len(edition.patients) // 8)
    bodies = [(mark or 0).to_bytes(width, "little") for mark in edition.marks]
    bodies += edition.figures.values()
    head: dict[str, Any] = {
        "patients": edition.patients,
        "values": edition.values,
        "printed": edition.printed,
        "places": edition.places,
        "threshold": edition.threshold,
        "relations": [[one.total, one.parts] for one in edition.relations],
        "hidden": sorted(edition.hidden),
        "secrets": sorted(edition.secrets),
        "before": [[number, *known] for number, known in edition.before.items()],
        "unmarked": [number for number, mark in enumerate(edition.marks) if mark is None],
        "figures": [[place, len(resting)] for place, resting in edition.figures.items()],
    }
    told = orjson.dumps(head)
    return len(told).to_bytes(8, "little") + zlib.compress(b"".join((told, *bodies)), FAST)


def unpack(content: bytes) -> Edition:
    """The edition again."""
    end, body = int.from_bytes(content[:8], "little"), zlib.decompress(memoryview(content)[8:])
    head: dict[str, Any] = orjson.loads(body[:end])
    width, unmarked = -(-len(head["patients"]) // 8), set(head.pop("unmarked"))
    marks: list[int | None] = []
    for number in range(len(head["values"])):
        mark = int.from_bytes(body[end : end + width], "little")
        marks.append(None if number in unmarked else mark)
        end += width
    figures = {}
    for place, size in head.pop("figures"):
        figures[place] = body[end : end + size]
        end += size
    return Edition(
        **{
            **head,
            "patients": tuple(head["patients"]),
            "marks": tuple(marks),
            "values": tuple(head["values"]),
            "printed": tuple(head["printed"]),
            "places": tuple(map(tuple, head["places"])),
            "relations": tuple(Relation(total, tuple(parts)) for total, parts in head["relations"]),
            "hidden": frozenset(head["hidden"]),
            "secrets": frozenset(head["secrets"]),
            "before": {number: Range(low, high) for number, low, high in head["before"]},
            "figures": figures,
        }
    )

"""What is sent: simulated cases of a typical size, and corrections of them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import orjson

from registry.domain.simulation.simulate import simulate

END = date(2026, 1, 1)
PATIENTS = 300
"""Different patients; further cases repeat their records under other pseudonyms."""


@cache
def _patients() -> tuple[dict[str, Any], ...]:
    """What is known of each patient at baseline, as one submission: one record of each of eight forms."""
    seen: dict[str, dict[str, Any]] = {}
    for one in simulate(PATIENTS, 5, 1, END):
        if one.expected == "accepted":
            seen.setdefault(one.envelope["case"], one.envelope)
    whole = [
        {
            name: content[:1] if isinstance(content, list) else content
            for name, content in one["forms"].items()
        }
        for one in seen.values()
    ]
    whole_of = zip(seen.values(), whole, strict=True)
    return tuple({**one, "forms": forms} for one, forms in whole_of if len(forms) == 8)


def cases(count: int, prefix: str) -> Iterator[bytes]:
    """So many first submissions, each of a case of its own."""
    texts = [orjson.dumps({**one, "case": "@"}) for one in _patients()]
    for number in range(count):
        yield texts[number % len(texts)].replace(b'"@"', b'"%s-%d"' % (prefix.encode(), number))


def corrections(count: int, prefix: str) -> Iterator[bytes]:
    """The same cases sent whole once more, recorded an hour later, with another worst pain and a reason."""
    texts = [orjson.dumps(_corrected(one)) for one in _patients()]
    for number in range(count):
        yield texts[number % len(texts)].replace(b'"@"', b'"%s-%d"' % (prefix.encode(), number))


def _corrected(one: dict[str, Any]) -> dict[str, Any]:
    pain = one["forms"]["pain_assessment"][0]
    other = {**pain, "nrs_worst": 10 if pain.get("nrs_worst") != 10 else 9}
    later = datetime.fromisoformat(one["recorded_at"]) + timedelta(hours=1)
    return {
        "case": "@",
        "recorded_at": later.isoformat(),
        "reason": "the worst pain was copied wrongly",
        "forms": one["forms"] | {"pain_assessment": [other]},
    }

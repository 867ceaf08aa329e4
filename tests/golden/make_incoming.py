"""Write anew what is made of the incoming files in csv/, redcap/ and fhir/: python tests/golden/make_incoming.py

Read the difference before it is committed: a change here is a change of what becomes of what hospitals send.
All files are simulated.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1])]

from registry.domain.findings import Finding
from registry.domain.reading import read_submission
from registry.errors import BadRequest
from registry.formats.csv.errors import with_errors
from registry.formats.incoming import SUFFIXES, SUFFIXES_FROM, split
from registry.formats.item import Incoming, Item, Options

AT = "2026-03-04T09:12:00+09:00"
UNTIMED = ("case.json", "bulk.ndjson", "no_time.csv", "foreign.csv")
"""Files that are sent without a time of recording beside them."""


def inputs() -> list[Path]:
    """The files that are sent."""
    parts = ("foreign_dictionary.csv",)
    return [
        path
        for name in ("csv", "redcap", "fhir")
        for path in sorted((HERE / name).iterdir())
        if path.suffix in (".csv", ".xml", ".json", ".ndjson")
        and not path.name.endswith((".items.json", ".errors.csv", *parts))
    ]


def incoming(path: Path) -> Incoming:
    """The file as the registry reads it."""
    source = path.parent.name
    media_type = (SUFFIXES if source == "csv" else SUFFIXES_FROM[source])[path.suffix]
    mapping = path.with_suffix(".yaml")
    dictionary = path.with_name(f"{path.stem}_dictionary.csv")
    options = Options(
        recorded_at=None if path.name in UNTIMED else AT,
        mapping=mapping.read_text() if mapping.exists() else None,
        dictionary=dictionary.read_text() if dictionary.exists() else None,
    )
    return split(io.BytesIO(path.read_bytes()), media_type, max_bytes=1_000_000, options=options)


def outcome(path: Path) -> dict[Path, str]:
    """What is made of a file: its items and notes, or why it is refused; a table also with its errors."""
    told = path.with_name(f"{path.name}.items.json")
    try:
        found = incoming(path)
        items = [(item, _findings(item)) for item in found.items]
    except BadRequest as error:
        return {told: _text({"refused": error.facts.get("code"), "because": str(error)})}
    made: dict[str, Any] = {
        "items": [
            {
                "place": item.place,
                "envelope": json.loads(item.envelope) if item.envelope else None,
                "findings": [f"{one.severity} {one.rule} {one.pointer}: {one.message}" for one in findings],
            }
            for item, findings in items
        ],
        "notes": [f"{one.rule}: {one.message}" for one in found.notes],
    }
    written = {told: _text(made)}
    if found.head is not None:
        rows = ((item.source, [one.as_json() for one in findings]) for item, findings in items)
        written[path.with_suffix(".errors.csv")] = "".join(with_errors(found.head, rows))
    return written


def _findings(item: Item) -> list[Finding]:
    """What the format says of the item, and what the forms say of its envelope."""
    unread = [] if item.envelope is None else read_submission(json.loads(item.envelope))[1]
    return [*item.problems, *unread]


def _text(made: dict[str, Any]) -> str:
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the files beside those that are sent."""
    for path in inputs():
        for target, text in outcome(path).items():
            target.write_bytes(text.encode())


if __name__ == "__main__":
    main()

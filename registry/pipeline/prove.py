"""Prove: look for an erased case everywhere, and say what was found and what nobody could look at.

Nothing here is asserted. Every column of every table is read, what is sealed is opened, what is packed is unpacked; so
are the queue and the files and folders that are named (logs, exports). What is final or belongs to the sealed trail is kept on
purpose and said so. The texts that are looked for are never part of the answer.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import text

from registry.errors import Damaged, WrongUsage
from registry.pipeline.erase import Erased
from registry.pipeline.queue_readings import queue_readings
from registry.pipeline.sealed import payload_of, source_of
from registry.pipeline.sealed_words import histories, record_of
from registry.pipeline.traces import Haystack, Trace
from registry.store import events
from registry.store.database import OpenWork, Work
from registry.store.tables import METADATA

ROWS = 500
"""Rows of a table that are held at a time."""

IDS = {"registry id", "hash of a message"}
TRAIL = "the sealed trail holds ids and hashes, no values; a changed event would break its chain"
FINAL = "a report that is final is never rewritten; it is flagged, and the next one does not count the case"
DRAFT = "a draft that was built meanwhile; never lock it, and build the next"
SEALED = "what is sealed"
ELSEWHERE = "another case, or a message that named none, says the same: look whether it means this patient"
_STATES = text("SELECT number, state FROM report WHERE input_hash = :key OR CAST(id AS text) = :key")
_EXPORTS = text("""
    SELECT at, actor, detail FROM event WHERE action = 'export.made' AND at < :until
    AND at >= coalesce(CAST(:since AS timestamptz), '-infinity') ORDER BY id
""")

BEYOND = (
    ("the database's files and its write-ahead log",
     "bytes of deleted rows, the wrapped key too, are there until overwritten: `VACUUM FULL`, later checkpoints"),
    ("PDF pages, and files packed otherwise than by zip or gzip", "their text is not read here; open them"),
    ("replicas, snapshots of disks, copies of exports", "whoever holds them knows them; ask them"),
    ("the hospital's own system", "the hospital erases what it holds"),
)  # fmt: skip


def prove(
    open_work: OpenWork,
    erased: Erased,
    redis: Redis,
    *,
    paths: Sequence[Path],
    backups: Path | None,
    actor: str,
) -> list[Trace]:
    """Search for a case that was erased; notes in the trail that it was searched for, and what came of it."""
    hay = Haystack(erased.needles)
    found = [*in_tables(open_work, hay), *in_queue(redis, hay), *in_files(paths, hay)]
    with open_work() as work:
        found += exports_made(work, erased, looked=bool(paths))
    found += in_backups(backups, erased)
    found += [Trace(where, "was not looked at", "not reached", why) for where, why in BEYOND]
    counts = Counter(one.verdict.replace(" ", "_") for one in found)
    with open_work() as work:
        happened = events.happened(
            "case.erasure_searched", str(erased.tombstone), actor=actor, site_id=erased.site_id, **counts
        )
        events.add(work.session, [happened])
    return found


def in_tables(open_work: OpenWork, hay: Haystack) -> Iterator[Trace]:
    """Every column of every row, with what is sealed in it."""
    for name, table in METADATA.tables.items():
        keys = [column.name for column in table.primary_key]
        seen: Counter[tuple[str, str, str]] = Counter()
        closed = 0
        with open_work() as work:
            result = work.session.connection().execution_options(stream_results=True).execute(table.select())
            for rows in result.partitions(ROWS):
                work.keys.load(value for row in rows for value in _sealed(name, row))
                for row in rows:
                    key = "/".join(str(getattr(row, one)) for one in keys)
                    for column, value in row._mapping.items():
                        for kind in hay.kinds_in(value):
                            seen[str(column), kind, key if name in _OF_REPORTS else ""] += 1
                    opened, failed = _opened(work, name, row)
                    closed += failed
                    for value in opened:
                        for kind in hay.kinds_in(value):
                            seen[SEALED, kind, ""] += 1
            for (column, kind, key), count in sorted(seen.items()):
                yield _row_trace(work, name, column, kind, key, count)
        if closed:
            yield Trace(
                f"table {name}", f"{closed} sealed values are damaged", "not reached", "`mps audit verify`"
            )


_OF_REPORTS = {"snapshot", "report_file", "report_attachment", "report_edition", "report"}


def _sealed(table: str, row: Any) -> tuple[bytes | None, ...]:
    if table == "submission":
        return row.payload, row.source
    return (row.sealed,) if table == "record" else ()


def _opened(work: Work, table: str, row: Any) -> tuple[list[Any], int]:
    """What is sealed in a row, as far as its key is there, and how much of it is damaged."""
    try:
        match table:
            case "submission":
                return [payload_of(work.keys, row), source_of(work.keys, row)], 0
            case "record":
                return list(record_of(work.keys, row)), 0
            case "query":
                return histories(work.keys, [(row.id, row.history)]), 0
    except Damaged:
        return [], 1
    return [], 0


def _row_trace(work: Work, table: str, column: str, kind: str, key: str, count: int) -> Trace:
    where, what = f"table {table}, {column}", f"{kind} in {count} row{'s' * (count > 1)}"
    if table == "event" and kind in IDS:
        return Trace(where, what, "kept", TRAIL)
    if table in _OF_REPORTS:
        reports = work.session.execute(_STATES, {"key": key.split("/")[0]}).all()
        named = ", ".join(f"{row.number} ({row.state})" for row in reports)
        final = any(row.state != "built" for row in reports)
        return Trace(
            f"{where} of report {named}", what, "kept" if final else "found", FINAL if final else DRAFT
        )
    return Trace(
        where,
        what,
        "found",
        ELSEWHERE if column == SEALED else "erasing leaves nothing here: it came later, or is a fault",
    )


def in_queue(redis: Redis, hay: Haystack) -> Iterator[Trace]:
    """Every key of the queue's server and every value under it."""
    seen = Counter(kind for raw in queue_readings(redis) for kind in hay.kinds_in(raw))
    for kind, count in sorted(seen.items()):
        yield Trace(
            "queue", f"{kind} in {count} values", "found", "messages should carry ids only; remove the key"
        )


def in_files(paths: Sequence[Path], hay: Haystack) -> Iterator[Trace]:
    """The files that are named and all below the folders: logs, exports, whatever an operator keeps."""
    if not paths:
        yield Trace(
            "logs",
            "no file was named",
            "not reached",
            "the registry writes to standard output; name the files with --in",
        )
    for path in paths:
        if not path.exists():
            raise WrongUsage(f"{path} is not there")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_symlink() or not file.is_file():
                continue
            try:
                kinds = hay.kinds_in(str(file.relative_to(path.parent))) | hay.kinds_in(file.read_bytes())
            except OSError as error:
                yield Trace(
                    f"file {file}", f"cannot be read: {error.strerror}", "not reached", "make it readable"
                )
                continue
            for kind in sorted(kinds):
                yield Trace(f"file {file}", kind, "found", "delete the file, or the lines")


def exports_made(work: Work, erased: Erased, *, looked: bool) -> Iterator[Trace]:
    """The exports that the trail knows of, from when the case was there: their files went wherever somebody took them."""
    for row in work.session.execute(_EXPORTS, {"until": erased.at, "since": erased.since}):
        what = (
            f"{row.detail.get('format', 'export')} with {row.detail.get('cases', '?')} cases, by {row.actor}"
        )
        where = f"export of {row.at.isoformat(timespec='seconds')}"
        yield Trace(
            where,
            what,
            "not reached",
            "ask who made it"
            + (" whether its folder was among those" if looked else "; --in looks into its folder"),
        )


def in_backups(manifest: Path | None, erased: Erased) -> Iterator[Trace]:
    """Backups that were made while the case was there, by the manifest: a CSV table with name, made_at, kept_until."""
    if manifest is None:
        yield Trace(
            "backups",
            "no manifest was named",
            "not reached",
            "name it with --backups: CSV with name, made_at, kept_until",
        )
        return
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                made = datetime.fromisoformat(row["made_at"])
                name, until = row["name"], row["kept_until"]
            except (KeyError, TypeError, ValueError):
                raise WrongUsage(
                    f"{manifest}: each row has name, made_at and kept_until as ISO 8601"
                ) from None
            made = made if made.tzinfo else made.replace(tzinfo=UTC)
            if made <= erased.at and (erased.since is None or made >= erased.since):
                yield Trace(f"backup {name}", f"made {row['made_at']}, while the case was there", "not reached",
                            f"it is destroyed after {until}; whoever restores it erases the case again")  # fmt: skip

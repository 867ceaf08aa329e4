"""mps audit: the trail of what happened, and the proof that nobody changed it."""

import csv
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from cli import output
from cli.local import JsonOption, LimitOption, SiteOption, local_registry
from registry.errors import Conflict
from registry.pipeline.seal import newest, printed_on
from registry.pipeline.seal import verify as verify_chain
from registry.spreadsheet import safe
from registry.store import events
from registry.store.events import Wanted, every, latest

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The audit trail.")

Subject = Annotated[str | None, typer.Option(help="Only what happened to this id.")]
Actor = Annotated[
    str | None, typer.Option(help="Only what they did, such as user:m.takamatsu or key:0123456789ab.")
]
Action = Annotated[str | None, typer.Option(help="Only this action, or its kind, such as key or case.read.")]
Since = Annotated[datetime | None, typer.Option(help="Only from this time on (UTC).")]
Until = Annotated[datetime | None, typer.Option(help="Only before this time (UTC).")]

COLUMNS = ("id", "at", "site", "local", "zone", "actor", "action", "subject", "detail")


@app.command()
def show(
    subject: Subject = None,
    actor: Actor = None,
    action: Action = None,
    site: SiteOption = None,
    since: Since = None,
    until: Until = None,
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """Show the latest events: who, when (UTC, and the time at the site), what.

    Example: mps audit show --action case --site KND --since 2026-03-01
    """
    wanted = _wanted(subject, actor, action, site, since, until)
    with local_registry() as here, here.work() as work:
        rows = latest(work.session, wanted, limit=limit)
    columns = ("id", "at", "at_site", "actor", "action", "subject", "detail")
    output.listing({"events": rows}, map(_for_people, rows), columns, json=json, empty="no events")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="File to write: .csv, or .ndjson for programs.")],
    subject: Subject = None,
    actor: Actor = None,
    action: Action = None,
    site: SiteOption = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Write events to a file, oldest first; that they were exported is an event itself.

    Example: mps audit export --out trail.csv
    """
    wanted = _wanted(subject, actor, action, site, since, until)
    with local_registry() as here, here.work() as work:
        count = _write(out, every(work.session, wanted))
        digest = hashlib.sha256(out.read_bytes()).hexdigest()
        happened = events.happened("audit.exported", digest, actor=here.actor, events=count)
        events.add(work.session, [happened])
    output.say(f"{count} events in {out}, sha256 {digest}")


@app.command()
def verify(
    head: Annotated[
        list[str] | None, typer.Option(help="Also this head, as a report or an earlier run printed it.")
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            help="Also the head printed on this copy of a report (JSON or HTML).", exists=True, dir_okay=False
        ),
    ] = None,
) -> None:
    """Check the chain of sealed events, and that the heads printed on reports are in it.

    Exit status 3 when an event was changed, removed, reordered or inserted, or the end of the chain was cut off after a
    report printed its head. Keep the head it prints elsewhere, to check it next time with --head.
    """
    elsewhere = {f"the head {one[:12]}": one for one in head or ()}
    for path in report or ():
        elsewhere[str(path)] = printed_on(path.read_bytes()) or "none"
    with local_registry() as here, here.work() as work:
        broken = verify_chain(work.session, elsewhere)
        found = newest(work.session)
    for one in broken:
        output.fail(one)
    if broken:
        raise typer.Exit(3)
    output.say(f"the audit chain holds; its head is {found or 'not there yet: nothing was sealed'}")


def _for_people(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "at": row["at"].strftime("%Y-%m-%d %H:%M:%SZ"),
        "at_site": f"{row['local']} {row['zone']}" if row["site"] else None,
        "detail": orjson.dumps(row["detail"]).decode() if row["detail"] else None,
    }


def _wanted(*given: Any) -> Wanted:
    subject, actor, action, site, since, until = given
    moments = [one.replace(tzinfo=UTC) if one else None for one in (since, until)]
    return Wanted(subject, actor, action, site, *moments)


def _write(out: Path, rows: Any) -> int:
    count = 0
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS) if out.suffix == ".csv" else None
            if table:
                table.writeheader()
            for row in rows:
                count += 1
                row["at"] = row["at"].isoformat()
                if table:
                    row["detail"] = orjson.dumps(row["detail"]).decode()
                    table.writerow(
                        {name: safe(str(value)) for name, value in row.items() if value is not None}
                    )
                else:
                    file.write(orjson.dumps(row).decode() + "\n")
    except FileExistsError:
        raise Conflict(f"{out} is there already; name another file") from None
    return count

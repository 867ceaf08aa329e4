"""mps case: what the registry knows of a case."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import output
from cli.local import JsonOption, LimitOption, SiteOption, as_owner, local_registry
from registry.pipeline import cases as steps
from registry.pipeline import erase as erasing
from registry.pipeline import prove as proving
from registry.pipeline.sites import the_site
from registry.store import erasure, migrations

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What the registry knows of a case.")

Name = Annotated[str, typer.Argument(help="Registry id, or the site's pseudonym.")]


@app.command("list")
def list_cases(site: SiteOption = None, limit: LimitOption = 50, json: JsonOption = False) -> None:
    """List cases in order of their registry number."""
    with local_registry() as here, here.work() as work:
        site_id = the_site(work, site).id if site else None
        found = steps.list_cases(work, site_id=site_id, after=0, limit=limit)
    columns = ("registry_id", "site", "case", "open_queries", "changed_at")
    output.listing(found, found["cases"], columns, json=json, empty="no cases")
    if found["next"] and not json:
        output.note(f"there are more; --limit shows more than {limit}")


@app.command()
def show(
    case: Name,
    as_of: Annotated[
        datetime | None, typer.Option(help="As the registry knew it at this time (UTC).")
    ] = None,
    why: Annotated[str | None, typer.Option(help="Explain one derived value, for example OSONS.")] = None,
    json: JsonOption = False,
) -> None:
    """Show the current records and what is derived from them; --why explains one value."""
    with local_registry() as here, here.work() as work:
        moment = as_of.astimezone() if as_of else None
        found = steps.show_case(work, here.settings, case, site_id=None, actor=here.actor, as_of=moment)
    if why:
        found["derived"] = [d for d in found["derived"] if d["outcome"].lower() == why.lower()]
    if json:
        output.as_json(found)
    else:
        output.case(found, why=why)


@app.command()
def history(case: Name, json: JsonOption = False) -> None:
    """Show every version of every record: when it was recorded, when it was accepted, and why it was changed."""
    with local_registry() as here, here.work() as work:
        found = steps.history(work, case, site_id=None, actor=here.actor)
    columns = ("form", "recorded_at", "accepted_at", "current", "reason", "content")
    output.listing(found, found["versions"], columns, json=json, empty="no versions")


@app.command()
def erase(
    case: Name,
    why: Annotated[
        str, typer.Option(help="Who asked for it and when; stays in the audit trail, so no name.")
    ],
    site: SiteOption = None,
    without_withdrawal: Annotated[
        bool,
        typer.Option(help="The patient asked for it in another way than by a withdrawal sent by the site."),
    ] = False,
    prove: Annotated[
        bool,
        typer.Option(
            "--prove", help="Then look for it everywhere, and list what was found and what not reached."
        ),
    ] = False,
    look_in: Annotated[
        list[Path] | None, typer.Option("--in", help="Also look into this file or folder: logs, exports.")
    ] = None,
    backups: Annotated[
        Path | None,
        typer.Option(help="Manifest of backups: CSV with name, made_at, kept_until.", exists=True),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Erase a case: destroy its key and its rows, leave a tombstone. Nothing brings it back.

    Needs the owner's login. Of a case that was erased before, --prove looks again; name it by --site and pseudonym.
    Exit status 1 when something was found.

    Example: mps case erase KND-0001 --site KND --why "letter of 2026-03-02" --prove --in /var/log/mps
    """
    if not yes:
        typer.confirm("erase this case for good?", abort=True, err=True)
    with as_owner() as registry:
        with registry.work() as work:
            done = erasing.erase(
                work, registry.settings, case, site=site, why=why, asked=without_withdrawal, actor=migrations.OWNER
            )  # fmt: skip
        with registry.glance() as work:
            erasure.clean(work.session)
        found = (
            proving.prove(registry.work, done, registry.redis(), paths=look_in or (), backups=backups,
                          actor=migrations.OWNER)
            if prove else []
        )  # fmt: skip
    told: dict[str, Any] = {
        "tombstone": str(done.tombstone), "erased_at": done.at.isoformat(), "submissions": done.submissions,
        "records": done.records, "queries": done.queries, "draft_reports": done.drafts, "looked_for": sorted({one.kind for one in done.needles}),
        "proof": [asdict(one) for one in found],
    }  # fmt: skip
    if not json:
        output.say(
            f"erased: {done.records} records, {done.queries} queries, {done.drafts} draft reports; of {done.submissions} messages only that they came"
            if done.since
            else f"was erased on {done.at:%Y-%m-%d %H:%M} UTC"
        )
        output.say(f"tombstone {done.tombstone}")
    if json or prove:
        output.listing(told, told["proof"], ("verdict", "where", "what", "remedy"), json=json, empty="")
    if any(one.verdict == "found" for one in found):
        raise typer.Exit(1)

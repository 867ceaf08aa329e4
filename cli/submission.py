"""mps submission: what was sent, and what became of it."""

from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, LimitOption, SiteOption, local_registry
from registry.errors import NotFound
from registry.ids import as_uuid
from registry.pipeline.dead_letters import replay
from registry.pipeline.receipt import listing, receipt
from registry.pipeline.sites import the_site

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What was sent, and what became of it.")

Id = Annotated[str, typer.Argument(help="Id of the submission.")]


@app.command("list")
def list_submissions(
    site: SiteOption = None,
    state: Annotated[str | None, typer.Option(help="received, accepted, rejected or failed.")] = None,
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """List submissions in order of arrival."""
    with local_registry() as here, here.work() as work:
        site_id = the_site(work, site).id if site else None
        found = listing(work, site_id=site_id, state=state, since=None, after=None, limit=limit)
    columns = ("id", "site", "case", "state", "findings", "received_at")
    output.listing(found, found["submissions"], columns, json=json, empty="no submissions")
    if found["next"] and not json:
        output.note(f"there are more; --limit shows more than {limit}")


@app.command()
def show(submission: Id, json: JsonOption = False) -> None:
    """Show a receipt in full: state, findings, derived values."""
    with local_registry() as here, here.work() as work:
        found = receipt(work, as_uuid(submission), None, reader=here.actor)
    if json:
        output.as_json(found)
    else:
        output.receipt(found)


@app.command()
def retry(submission: Id) -> None:
    """Send a failed submission through the workers again."""
    with local_registry() as here, here.work() as work:
        if not replay(work, ids=[as_uuid(submission)], actor=here.actor):
            raise NotFound("no failed submission has this id; `mps queue dead` lists them")
    output.say("rung again; `mps submission show` tells what became of it")

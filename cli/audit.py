"""mps audit: the trail of what happened, and the proof that nobody changed it."""

from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, LimitOption, local_registry
from registry.pipeline.seal import verify as verify_chain
from registry.store.events import latest

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The audit trail.")


@app.command()
def show(
    subject: Annotated[str | None, typer.Option(help="Only what happened to this id.")] = None,
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """Show the latest events: who, when, what."""
    with local_registry() as here, here.work() as work:
        rows = latest(work.session, subject=subject, limit=limit)
    columns = ("id", "at", "actor", "action", "subject", "detail")
    output.listing({"events": rows}, rows, columns, json=json, empty="no events")


@app.command()
def verify() -> None:
    """Check the chain of sealed events; exit status 3 when an event was changed, removed, reordered or inserted."""
    with local_registry() as here, here.work() as work:
        broken = verify_chain(work.session)
    if broken:
        output.fail(broken)
        raise typer.Exit(3)
    output.say("the audit chain holds")

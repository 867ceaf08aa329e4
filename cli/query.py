"""mps query: what the registry asks the hospitals."""

from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, LimitOption, SiteOption, local_registry
from registry.ids import as_uuid
from registry.pipeline.queries import act, list_queries
from registry.pipeline.sites import the_site

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What the registry asks the hospitals.")

Id = Annotated[str, typer.Argument(help="Id of the query.")]
Words = Annotated[str, typer.Argument(help="What to say, 3 to 2000 characters.")]


@app.command("list")
def queries(
    site: SiteOption = None,
    state: Annotated[str | None, typer.Option(help="open, answered or closed; all unless given.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, for example Q20.")] = None,
    older_than: Annotated[
        int, typer.Option(help="Only those opened at least this many days ago.", min=0)
    ] = 0,
    limit: LimitOption = 100,
    json: JsonOption = False,
) -> None:
    """List queries, oldest first, with their age."""
    with local_registry() as here, here.work() as work:
        found = list_queries(
            work,
            site_id=the_site(work, site).id if site else None,
            state=state,
            rule=rule,
            older_than_days=older_than,
            limit=limit,
        )
    rows = [{**q, "message": q["finding"]["message"]} for q in found["queries"]]
    columns = ("id", "site", "case", "rule", "state", "age_days", "message")
    output.listing(found, rows, columns, json=json, empty="no queries")


@app.command()
def answer(query: Id, text: Words) -> None:
    """Answer a query for the hospital."""
    _act(query, "answer", text)


@app.command()
def close(query: Id, text: Words) -> None:
    """Close a query, with the reason."""
    _act(query, "close", text)


@app.command()
def reopen(query: Id, text: Words) -> None:
    """Re-open a query, with the reason."""
    _act(query, "reopen", text)


def _act(query: str, action: str, words: str) -> None:
    with local_registry() as here, here.work() as work:
        found = act(work, as_uuid(query), action, words, site_id=None, actor=here.actor)
    output.say(f"the query is {found['state']}")

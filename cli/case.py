"""mps case: what the registry knows of a case."""

from datetime import datetime
from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, LimitOption, SiteOption, local_registry
from registry.pipeline import cases as steps
from registry.pipeline.sites import the_site

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

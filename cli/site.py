"""mps site: participating hospitals."""

from typing import Annotated

import typer

from cli import output, webhook
from cli.local import JsonOption, local_registry
from registry.pipeline import sites as steps
from registry.pipeline.quality import site_quality
from registry.store import sites

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Participating hospitals.")
app.command("webhook")(webhook.webhook)


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="Short code, capital letters and digits, for example KND.")],
    name: Annotated[str, typer.Argument(help="Name of the hospital.")],
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-2 code, for example JP.")] = None,
    timezone: Annotated[str, typer.Option(help="Time zone, for example Asia/Tokyo.")] = "UTC",
) -> None:
    """Add a hospital.

    Example: mps site add KND "Kindai University Hospital" --country JP --timezone Asia/Tokyo
    """
    with local_registry() as here, here.work() as work:
        steps.add_site(work, code, name, country=country, timezone=timezone, actor=here.actor)
    output.say(f"added {code}; next: mps key issue {code}")


@app.command("list")
def list_sites(json: JsonOption = False) -> None:
    """List the hospitals."""
    with local_registry() as here, here.work() as work:
        rows = [site.model_dump(mode="json") for site in sites.every(work.session)]
    columns = ("code", "name", "country", "timezone", "active")
    empty = "no sites yet; add one with `mps site add CODE NAME`"
    output.listing({"sites": rows}, rows, columns, json=json, empty=empty)


@app.command()
def disable(code: str) -> None:
    """Refuse the keys of a hospital from now on; its cases stay."""
    with local_registry() as here, here.work() as work:
        steps.disable_site(work, code, actor=here.actor)
    output.say(f"disabled {code}; its keys are refused from now on")


@app.command()
def quality(
    site: Annotated[str | None, typer.Argument(help="Only this site (its code).")] = None,
    json: JsonOption = False,
) -> None:
    """Show data quality per site: queries and their age, timeliness, partial dates, preferred scores, silence.

    Shares are between 0 and 1; completeness of the core set stands in the report.
    """
    with local_registry() as here, here.work() as work:
        site_id = steps.the_site(work, site).id if site else None
        rows = site_quality(work, here.settings, site_id)
    columns = (
        "site cases queries_per_100_values open_queries open_over_30_days median_days_to_recording partial_dates "
        "scores_0_5_10 overdue_patients repeats silent_days"
    )
    output.listing({"sites": rows}, rows, columns.split(), json=json, empty="no sites")

"""Commands of `mps site` for webhooks: messages to a hospital's own system."""

from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, local_registry
from registry.pipeline import webhooks as steps
from registry.pipeline.sites import the_site
from registry.store import webhooks

Site = Annotated[str, typer.Argument(help="Code of the site.")]


def webhook(
    site: Site,
    url: Annotated[str | None, typer.Argument(help="Address of the site's system, https://...")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Send no more messages.")] = False,
    replay_after: Annotated[
        int | None, typer.Option(help="Send all messages after this cursor again, under the same ids.", min=0)
    ] = None,
    json: JsonOption = False,
) -> None:
    """Tell a site's own system of verdicts and queries; without an address, show how its messages fare.

    The secret by which the site checks the signatures (Standard Webhooks 1.0.0) is printed once. Registering again makes
    a new one.

    Example: mps site webhook KND https://hospital.example/mps
    """
    with local_registry() as here, here.work() as work:
        if url is not None:
            secret = steps.register(work, here.settings, site, url, actor=here.actor)
            said = f"messages to {site} go to {url}\nsecret  {secret}\nkeep it: it is not shown again"
        elif stop:
            steps.stop(work, site, actor=here.actor)
            said = f"{site} is sent no more messages; `mps site webhook {site} URL` starts again"
        elif replay_after is not None:
            steps.replay(work, site, replay_after, actor=here.actor)
            said = f"messages to {site} after {replay_after} are sent again"
        else:
            rows = webhooks.listing(work.session, the_site(work, site).id)
            columns = (
                "site",
                "url",
                "waiting",
                "delivered",
                "failed",
                "last_delivered",
                "last_outcome",
                "stop_reason",
            )
            empty = f"{site} has no webhook; `mps site webhook {site} URL` registers one"
            output.listing({"webhooks": rows}, rows, columns, json=json, empty=empty)
            return
    output.say(said)

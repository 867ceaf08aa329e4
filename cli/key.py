"""mps key: keys with which hospitals' systems, and people, prove who they are."""

from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, SiteOption, local_registry
from registry.domain.authority import SCOPES
from registry.pipeline import sites as steps
from registry.pipeline.keys import revoke_key
from registry.store import keys

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Keys of hospitals and people.")


@app.command()
def issue(
    site: Annotated[str, typer.Argument(help="Code of the site.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="What the key may do; all four unless given.")
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days until it expires.", min=1)] = 365,
    label: Annotated[str | None, typer.Option(help="What it is for, for example 'EHR export'.")] = None,
) -> None:
    """Make a key. It is printed once and cannot be shown again; the registry keeps only a hash."""
    with local_registry() as here, here.work() as work:
        key = steps.issue_key(
            work, site, scopes=scope or list(SCOPES), days=days, label=label, actor=here.actor
        )
    output.say(key)
    output.note("keep it now, it is not shown again; use it as `Authorization: Bearer ...` or as MPS_API_KEY")


@app.command("list")
def list_keys(site: SiteOption = None, json: JsonOption = False) -> None:
    """List the keys of hospitals and people, without their secrets."""
    with local_registry() as here, here.work() as work:
        site_id = steps.the_site(work, site).id if site else None
        rows = keys.every(work.session, site_id=site_id)
    columns = (
        "id",
        "site",
        "person",
        "label",
        "scopes",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    output.listing(
        {"keys": rows}, rows, columns, json=json, empty="no keys; make one with `mps key issue SITE`"
    )


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The part after mps_, as `mps key list` shows it.")],
) -> None:
    """Refuse a key from now on."""
    with local_registry() as here, here.work() as work:
        revoke_key(work, key_id, actor=here.actor)
    output.say(f"revoked {key_id}")

"""mps master-key: the key that wraps the keys of all cases.

To rotate it: make a new one, write it before the old one (`MPS_MASTER_KEY_FILE` may hold several, one a line), start the
services again, rotate, take the old one out. The old one still opens the backups made before: keep it as long as those.
"""

import typer

from cli import output
from cli.local import JsonOption, as_owner
from registry.pipeline.rotate import rotate as rotate_keys
from registry.sealing import in_base64, new_secret
from registry.store import migrations, rotation
from registry.wiring import keyring

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="The key that wraps the keys of all cases."
)


@app.command()
def new() -> None:
    """Print a new random master key; keep it in a file that only the registry's account can read.

    Example: (umask 077; mps master-key new > master.key)
    """
    output.say(in_base64(new_secret()))
    output.note("keep it apart from the backups; whoever loses it loses what was sealed")


@app.command("list")
def list_keys(json: JsonOption = False) -> None:
    """List the master keys by their ids: which are at hand, which one is in force, and how many keys each wraps."""
    with as_owner() as registry, registry.work() as work:
        used = rotation.uses(work.session)
        held = [key.id for key in keyring(registry.settings).keys]
    rows = [
        {"master_key": one, "at_hand": one in held, "in_force": one == held[0], "wraps": used.get(one, 0)}
        for one in [*held, *(one for one in used if one not in held)]
    ]
    output.listing(
        {"master_keys": rows}, rows, ("master_key", "at_hand", "in_force", "wraps"), json=json, empty=""
    )


@app.command()
def rotate() -> None:
    """Wrap all keys under the master key that stands first; the registry may go on working meanwhile."""
    with as_owner() as registry:
        with registry.work() as work:
            used = rotation.uses(work.session)
        first = keyring(registry.settings).first.id
        with output.progress("wrapping keys", sum(used.values()) - used.get(first, 0)) as bar:
            count = rotate_keys(
                registry.work, actor=migrations.OWNER, advance=lambda done: bar.advance(bar.task_ids[0], done)
            )
    output.say(f"{count} keys are wrapped anew; all are under the master key {first}")
    if count:
        output.note("the other master keys are needed for backups made before, and no more for the database")

"""mps user: the people who work with the registry, their roles and keys."""

from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, local_registry
from registry.domain.authority import GIVEN
from registry.pipeline import people as steps
from registry.store import people

app = typer.Typer(add_completion=False, no_args_is_help=True, help="People, their roles and keys.")

Name = Annotated[str, typer.Argument(help="Name of the person, for example m.takamatsu.")]
Role = Annotated[str, typer.Argument(help=f"One of {', '.join(GIVEN)}.")]
Site = Annotated[str | None, typer.Option("--site", help="Code of the hospital, for the roles of a site.")]
Days = Annotated[int | None, typer.Option(help="Days until the key expires.", min=1, max=3_650)]


@app.command()
def add(name: Name, role: Role, site: Site = None, days: Days = 365) -> None:
    """Add a person; prints their key, which is shown once.

    Example: mps user add m.takamatsu data_manager
    """
    with local_registry() as here, here.work() as work:
        key = steps.add_person(work, name, role, site=site, days=days, actor=here.actor)
    _say(key)


@app.command("list")
def list_people(json: JsonOption = False) -> None:
    """List the people, with their roles."""
    with local_registry() as here, here.work() as work:
        rows = people.listing(work.session)
    columns = ("name", "role", "site", "keys", "last_used_at", "disabled_at")
    output.listing({"people": rows}, rows, columns, json=json, empty="nobody; `mps db admin` makes the first")


@app.command()
def role(name: Name, role: Role, site: Site = None) -> None:
    """Give a person another role, in force at once."""
    with local_registry() as here, here.work() as work:
        steps.change_role(work, name, role, site=site, actor=here.actor)
    output.say(f"{name} is {role} from now on")


@app.command()
def key(name: Name, days: Days = 365) -> None:
    """Make a person a second key, to change from the old one to; `mps key revoke` ends the old one."""
    with local_registry() as here, here.work() as work:
        made = steps.further_key(work, name, days=days, actor=here.actor)
    _say(made)


@app.command()
def disable(name: Name) -> None:
    """Refuse all keys of a person from now on."""
    with local_registry() as here, here.work() as work:
        steps.disable_person(work, name, actor=here.actor)
    output.say(f"{name} is refused from now on")


def _say(key: str) -> None:
    output.say(key)
    output.note(
        "hand it to the person alone; it is not shown again and goes into MPS_USER_KEY or a file of theirs"
    )

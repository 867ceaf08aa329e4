"""mps up: the registry on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.local import make_operator
from cli.services import services
from registry import logs
from registry.settings import Settings
from registry.wiring import open_registry


def up(
    data: Annotated[Path | None, typer.Option(help="Folder of the embedded servers' data.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port of the API; 0 lets the system choose.", min=0, max=65535)
    ] = None,
) -> None:
    """Run the registry: API, worker and beat, with embedded servers where no URL is set. Ctrl-C stops everything."""
    given = {"data": data, "port": port}
    settings = Settings().model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    logs.set_up(settings)
    with open_registry(settings) as registry, services(registry, output.note) as running:
        output.say(f"the registry runs at {running.url} (its calls: {running.url}/openapi.json)")
        output.say(
            f"its data are in {settings.data.resolve()}"
            if settings.embedded
            else "its data are in the database you named"
        )
        if registry.servers.own:
            output.say(f"your key is in {make_operator(registry)}: the commands find it there")
        output.say('in another terminal: mps site add KND "Name of the hospital"; mps key issue KND')
        output.say("Ctrl-C stops everything")
        try:
            while True:
                running.supervisor.watch(3600)
        except KeyboardInterrupt:
            output.note("stopping ...")

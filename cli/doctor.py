"""mps doctor: what is set and whether it works."""

from typing import Annotated

import typer

from cli import output
from registry import logs
from registry.pipeline.condition import condition
from registry.pipeline.dead_letters import dead, waiting
from registry.pipeline.seal import verify
from registry.settings import Settings
from registry.store.logins import excess
from registry.weaknesses import weaknesses
from registry.wiring import open_registry


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Only the settings; reach for nothing.")] = False,
) -> None:
    """Print the effective settings with secrets masked, and whether database, schema and queue answer."""
    settings = Settings()
    rows = [
        {"setting": f"MPS_{name.upper()}", "value": getattr(settings, name), "meaning": info.description}
        for name, info in Settings.model_fields.items()
    ]
    output.table(rows, ("setting", "value", "meaning"), empty="")
    for one in weaknesses(settings):
        output.say(f"weak: {one}")
    if offline:
        return
    logs.set_up(settings.model_copy(update={"log_level": "WARNING"}))
    with open_registry(settings) as registry:
        found = condition(registry.engine, registry.redis())
        with registry.work() as work:
            counts, oldest = waiting(work), dead(work, limit=1)
            broken = verify(work.session)
            more = excess(work.session.connection())
    for name, state in found.items():
        output.say(f"{name}: {state}")
    output.say(f"audit chain: {'; '.join(broken) or 'ok'}")
    age = (
        f", the oldest {output.age(oldest[0]['age_seconds'])} old: `mps queue dead` lists them"
        if oldest
        else ""
    )
    output.say(f"waiting: {counts['waiting']}; dead letters: {counts['failed']}{age}")
    if more:
        output.say(f"database login: {more}; `mps db login` makes one that is only what it needs to be")
    if broken or any(state != "ok" for state in found.values()):
        raise typer.Exit(3)

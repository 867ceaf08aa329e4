"""Every call there is: the routes of the API and the commands, read off the application and the Typer tree."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from cli.main import app as commands
from registry.api.app import create
from registry.formats.outgoing import FORMATS


@cache
def application() -> FastAPI:
    """The API, connected to nothing."""
    return create()


def routes() -> dict[str, Any]:
    """The routes by their call, as the application knows them."""
    found = [
        one for one in iter_route_contexts(application().routes) if isinstance(one.original_route, APIRoute)
    ]
    return {f"{method} {one.path}": one for one in found for method in one.methods}


def the_commands() -> dict[str, Any]:
    """The commands by their call; one that is several calls by its options stands under each."""
    found = {}
    root = typer.main.get_command(commands)
    for name, command in _walk(root, "mps"):
        if name == "mps export":
            found |= {f"{name} {one}": command for one in FORMATS}
        elif name == "mps derive":
            found |= {name: command, f"{name} --all": command}
        else:
            found[name] = command
    return found


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "list_commands"):
        yield name, command
        return
    context = typer.Context(command)
    for one in command.list_commands(context):
        yield from _walk(command.get_command(context, one), f"{name} {one}")


def arguments(call: str, command: Any, folder: Path) -> list[str]:
    """What to type for a call, with something for all that it requires."""
    typed = call.split()[1:]
    for given in command.params:
        argument = given.param_type_name == "argument"
        if given.required and not (argument and call.startswith("mps export")):
            value = _value(str(given.type_descriptor.annotation), folder)
            typed += [value] if argument else [given.opts[0], value]
    return typed + {"mps rules apply": ["--yes"], "mps queue replay": ["--all"]}.get(call, [])


def _value(kind: str, folder: Path) -> str:
    if "Path" in kind:
        (folder / "x.ndjson").write_text("{}\n")
        return str(folder / "x.ndjson")
    return "1" if "int" in kind else "xyz"

"""mps: the registry of malignant psoas syndrome at the command line.

Exit status: 0 done, 1 the data were refused, 2 wrong usage, 3 the registry could not be reached or is broken.
"""

import ast
import importlib
import os
import sys
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from cli import output
from registry.errors import MpsError

COMMANDS = (
    "demo",
    "up",
    "site",
    "user",
    "key",
    "submit",
    "submission",
    "case",
    "query",
    "report",
    "derive",
    "export",
    "rules",
    "queue",
    "audit",
    "dictionary",
    "linkage",
    "literature",
    "simulate",
    "db",
    "master-key",
    "doctor",
)
"""The commands, one file each; a file holds a function of its own name, or a group called ``app``."""

FILES = {"db": "database", "master-key": "master_key"}
"""Where the file is not called as the command."""


class OnDemand(TyperGroup):
    """Imports the file of a command when it is used: `mps --help` needs neither the web framework nor numpy."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"cli.{_file(cmd_name)}")
        group = getattr(module, "app", None)
        if group is None:
            group = typer.Typer(add_completion=False)
            group.command(cmd_name)(getattr(module, cmd_name))
        command = typer.main.get_command(group)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(name)) for name in COMMANDS])


def summary(command: str) -> str:
    """First line of the command's file, read without importing it."""
    source = (Path(__file__).parent / f"{_file(command)}.py").read_text(encoding="utf-8")
    words = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    return words.partition(": ")[2]


def _file(command: str) -> str:
    return FILES.get(command, command)


app = typer.Typer(
    name="mps",
    cls=OnDemand,
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def mps() -> None:
    """The registry of malignant psoas syndrome at the command line."""


def run() -> None:
    """The console script: one exit status for each kind of error, and every error says what to do next."""
    try:
        app(standalone_mode=True)
    except MpsError as error:
        output.fail(str(error))
        sys.exit(error.exit_status)
    except ValidationError as error:  # the settings
        for fault in error.errors(include_input=False, include_url=False):
            output.fail(f"setting MPS_{'_'.join(str(p) for p in fault['loc']).upper()}: {fault['msg']}")
        sys.exit(2)
    except Exception as error:
        if os.environ.get("MPS_LOG_LEVEL") == "DEBUG":
            raise
        output.fail(f"a fault in the registry: {type(error).__name__}: {error}")
        output.fail("set MPS_LOG_LEVEL=DEBUG to see where")
        sys.exit(3)

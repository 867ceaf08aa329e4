"""mps: the registry of malignant psoas syndrome at the command line.

Exit status: 0 done, 1 the data were refused, 2 wrong usage, 3 the registry could not be reached or is broken.
"""

import sys

import typer
from pydantic import ValidationError

from cli import (
    audit,
    case,
    database,
    demo,
    derive,
    dictionary,
    doctor,
    key,
    literature,
    output,
    query,
    queue,
    report,
    rules,
    simulate,
    site,
    submission,
    submit,
    up,
)
from registry.errors import MpsError

app = typer.Typer(
    name="mps",
    help=__doc__,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for name, module in {
    "site": site,
    "key": key,
    "submission": submission,
    "case": case,
    "query": query,
    "report": report,
    "queue": queue,
    "rules": rules,
    "audit": audit,
    "db": database,
}.items():
    app.add_typer(module.app, name=name, no_args_is_help=True)

for command, function in {
    "demo": demo.demo,
    "up": up.up,
    "submit": submit.submit,
    "derive": derive.derive,
    "literature": literature.literature,
    "simulate": simulate.simulate,
    "dictionary": dictionary.dictionary,
    "doctor": doctor.doctor,
}.items():
    app.command(command)(function)


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

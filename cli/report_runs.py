"""Runs of the schedule that makes the reports."""

from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, local_registry
from registry.store import reports


def list_runs(
    last: Annotated[int, typer.Option(help="How many runs.", min=1)] = 10, json: JsonOption = False
) -> None:
    """What the schedule is doing and has done: when each run began and ended, how far it is, where it failed.

    A run that failed, or whose worker died, is tried again ten minutes after it began.
    """
    with local_registry() as here, here.work() as work:
        rows = [
            run.model_dump(mode="json", exclude={"job"}) for run in reports.runs(work.session, "report", last)
        ]
    columns = ("period", "begun_at", "ended_at", "outcome")
    output.listing({"runs": rows}, rows, columns, json=json, empty="the schedule has not run yet")

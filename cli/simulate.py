"""mps simulate: a cohort of invented patients."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from cli import output
from registry.domain.simulation.simulate import simulate as simulated


def simulate(
    out: Annotated[Path, typer.Option(help="Folder for one NDJSON file per site.")],
    cases: Annotated[int, typer.Option(help="Patients.", min=1)] = 60,
    sites: Annotated[int, typer.Option(help="Hospitals.", min=1, max=99)] = 5,
    seed: Annotated[int, typer.Option(help="The same seed gives the same cohort.")] = 1,
    end: Annotated[datetime | None, typer.Option(help="Last day of the study; today unless given.")] = None,
) -> None:
    """Write a simulated prospective cohort: no real patient, the same seed the same bytes.

    One file per site, because the key of the sender decides the site.
    """
    last: date = end.date() if end else datetime.now(UTC).date()
    out.mkdir(parents=True, exist_ok=True)
    files: dict[str, bytearray] = {}
    count = 0
    with output.progress("simulating", None) as bar:
        for one in simulated(cases, sites, seed, last):
            files.setdefault(one.site, bytearray()).extend(orjson.dumps(one.envelope) + b"\n")
            count += 1
            bar.advance(bar.task_ids[0])
    for site, content in sorted(files.items()):
        (out / f"{site}.ndjson").write_bytes(content)
    output.say(f"{count} simulated submissions of {cases} patients at {sites} sites in {out}")

"""mps export: the cases as files for analysts, regulators and other systems."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, local_registry
from cli.profiles import Agreement, ProfileOption, RoundDoses, SharedAs
from registry.formats.folder import MANIFEST
from registry.formats.outgoing import FORMATS, outgoing
from registry.pipeline.export import export as write_export

_FORMATS = "; ".join(f"{one.name} = {one.title}" for one in FORMATS.values())


def export(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help=_FORMATS)],
    cutoff: Annotated[datetime | None, typer.Option(help="Clinical data up to this day.")] = None,
    as_of: Annotated[datetime | None, typer.Option(help="What the registry knew at this time (UTC).")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; export-FORMAT unless given.")
    ] = None,
    profile: SharedAs = ProfileOption.internal,
    agreement: Agreement = None,
    round_doses: RoundDoses = False,
    json: JsonOption = False,
) -> None:
    """Write all cases in a format to a folder, with a manifest of sizes, checksums, snapshot and versions.

    Example: mps export csv --cutoff 2026-06-30 --out data-set
    """
    folder = out or Path(f"export-{format_name}")
    with (
        local_registry(f"mps export {outgoing(format_name).name}") as here,
        here.work() as work,
        output.progress("exporting", None) as bar,
    ):
        made = write_export(
            work,
            here.settings,
            format_name=format_name,
            out=folder,
            actor=here.actor,
            cutoff=cutoff.date() if cutoff else None,
            as_of=as_of.replace(tzinfo=UTC) if as_of else None,
            profile=profile.profile,
            agreement=agreement,
            round_doses=round_doses,
            tell=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
        )
    if json:
        output.as_json(asdict(made) | {"folder": str(made.folder)})
        return
    output.say(f"{made.cases} cases in {made.files} files of {made.size} bytes: {made.folder / MANIFEST}")
    for reason, number in sorted(made.withheld.items()):
        output.say(f"  {number} withheld: {reason}")
    output.say(f"  snapshot {made.snapshot}")

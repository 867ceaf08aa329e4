"""mps submit: send files of submissions, through the API where one is named, else straight to the local registry."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import output
from cli.sender import sender
from registry.errors import WrongUsage
from registry.formats.incoming import SUFFIXES


def submit(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="JSON (one submission or an array) or NDJSON files.", exists=True, dir_okay=False
        ),
    ],
    site: Annotated[
        str | None, typer.Option(help="Site, when sending straight to the local registry.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the verdicts and store nothing.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the verdicts.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for them.", min=1)] = 120,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Send submissions.

    With MPS_API_URL and MPS_API_KEY set they go through the API; otherwise straight to the registry of this machine,
    and --site says for which hospital. Exit status 1 when something was refused.

    Example: mps submit cases.ndjson --wait
    """
    for file in files:
        if file.suffix not in SUFFIXES:
            raise WrongUsage(f"{file}: the ending says the format; known: {', '.join(SUFFIXES)}")
    results: list[dict[str, Any]] = []
    with sender(site) as send, output.progress("sending", len(files)) as bar:
        for file in files:
            body, media_type = file.read_bytes(), SUFFIXES[file.suffix]
            if dry_run:
                results.append({"file": str(file), "verdicts": send.dry_run(body, media_type)})
            else:
                results.append({"file": str(file), **send.batch(body, media_type, file.name)})
            bar.advance(bar.task_ids[0])
        if wait and not dry_run:
            send.wait(results, timeout)
    if json:
        output.as_json(results)
    else:
        _print(results)
    if any(_refused(result) for result in results):
        raise typer.Exit(1)


def _refused(result: dict[str, Any]) -> bool:
    if "verdicts" in result:
        return any(one["state"] == "rejected" for one in result["verdicts"])
    return bool(result["rejected"] or result["failed"])


def _print(results: list[dict[str, Any]]) -> None:
    for result in results:
        if "verdicts" in result:
            items = [{**one, "position": i} for i, one in enumerate(result["verdicts"])]
            states = [one["state"] for one in items]
            output.say(
                f"{result['file']}: {states.count('accepted')} would be accepted, "
                f"{states.count('rejected')} would be refused; nothing was stored"
            )
        else:
            items = result["items"]
            output.say(
                f"{result['file']}: received {result['received']}: {result['accepted']} accepted, "
                f"{result['rejected']} rejected, {result['failed']} failed, {result['waiting']} waiting "
                f"(batch {result['id']})"
            )
        for one in items:
            for finding in one["findings"]:
                where = f"{one['position'] + 1}. {one['case'] or ''} {finding['pointer']}".strip()
                output.say(f"  {finding['severity']:6} {finding['rule']}  {where}: {finding['message']}")

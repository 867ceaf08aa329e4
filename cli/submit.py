"""mps submit: send files of submissions, through the API where one is named, else straight to the local registry."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import output
from cli.sender import Sender, Trial, sender
from cli.sending import Sending, media_type_of
from registry.errors import WrongUsage
from registry.formats.csv.errors import with_errors
from registry.formats.item import Options


def submit(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="JSON, NDJSON or CSV files, or with --from those of another system.",
            exists=True,
            dir_okay=False,
        ),
    ],
    site: Annotated[
        str | None, typer.Option(help="Site, when sending straight to the local registry.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", help="System the files come from: redcap or fhir.")
    ] = None,
    recorded_at: Annotated[
        str | None,
        typer.Option(
            help="Time of recording of what brings none of its own, such as 2026-03-04T09:12:00+09:00."
        ),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why records that were accepted before are changed.")
    ] = None,
    form: Annotated[str | None, typer.Option(help="Form of a CSV file whose columns fit several.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of a CSV file that is not UTF-8.")] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="Mapping file (YAML) of a REDCap project with another dictionary.", exists=True),
    ] = None,
    dictionary: Annotated[
        Path | None, typer.Option(help="Data dictionary (CSV) of that project.", exists=True)
    ] = None,
    case_system: Annotated[
        str | None, typer.Option(help="Identifier system by which FHIR Patients carry the pseudonym.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the verdicts and store nothing.")] = False,
    errors: Annotated[
        Path | None, typer.Option(help="With --dry-run: write the CSV file back with a column of errors.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the verdicts.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for them.", min=1)] = 120,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Send submissions.

    With MPS_API_URL and MPS_API_KEY set they go through the API; otherwise straight to the registry of this machine,
    and --site says for which hospital. Exit status 1 when something was refused.

    Example: mps submit cases.ndjson --wait
    """
    if errors is not None and (not dry_run or len(files) > 1):
        raise WrongUsage("--errors goes with --dry-run and one file")
    options = Options(
        recorded_at=recorded_at,
        reason=reason,
        charset=encoding,
        form=form,
        case_system=case_system,
        mapping=_text(mapping),
        dictionary=_text(dictionary),
    )
    sendings = [Sending(file, media_type_of(file, source), options) for file in files]
    results: list[dict[str, Any]] = []
    with sender(site) as send, output.progress("sending", len(files)) as bar:
        for one in sendings:
            found = _try(send, one, errors) if dry_run else send.batch(one)
            results.append({"file": str(one.path), **found})
            bar.advance(bar.task_ids[0])
        if wait and not dry_run:
            send.wait(results, timeout)
    if json:
        output.as_json(results)
    else:
        _print(results)
    if any(_refused(result) for result in results):
        raise typer.Exit(1)


def _text(path: Path | None) -> str | None:
    try:
        return None if path is None else path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage(f"{path} is not UTF-8; save it as UTF-8") from None


def _try(send: Sender, file: Sending, errors: Path | None) -> dict[str, Any]:
    """The verdicts on a file, and the file back with its errors where it is asked for."""
    kept: list[dict[str, Any]] = []
    with send.trial(file) as trial:
        if errors is None:
            kept = [verdict for _, verdict in trial.verdicts]
        elif trial.incoming.head is None:
            raise WrongUsage(f"{file.path}: only a CSV file can be given back with its errors")
        else:
            with errors.open("w", encoding="utf-8", newline="") as out:
                out.writelines(with_errors(trial.incoming.head, _rows(trial, kept)))
        return {"verdicts": kept, "notes": [note.as_json() for note in trial.incoming.notes]}


def _rows(trial: Trial, kept: list[dict[str, Any]]) -> Iterator[tuple[bytes, list[dict[str, Any]]]]:
    for item, verdict in trial.verdicts:
        kept.append(verdict)
        yield item.source, verdict["findings"]


def _refused(result: dict[str, Any]) -> bool:
    if "verdicts" in result:
        return any(one["state"] == "rejected" for one in result["verdicts"])
    return bool(result["rejected"] or result["failed"])


def _print(results: list[dict[str, Any]]) -> None:
    for result in results:
        if "verdicts" in result:
            items = result["verdicts"]
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
        for finding in result["notes"]:
            output.say(f"  {finding['severity']:6} {finding['rule']}: {finding['message']}")
        for one in items:
            for finding in one["findings"]:
                where = f"{one['place']} {one['case'] or ''} {finding['pointer']}".strip()
                output.say(f"  {finding['severity']:6} {finding['rule']}  {where}: {finding['message']}")

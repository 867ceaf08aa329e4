"""mps submit: send files of submissions, through the API where one is named, else straight to the local registry."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import output
from cli.sender import Sender, Trial, sender
from cli.sending import Sending, media_type_of
from registry.errors import MpsError, WrongUsage
from registry.formats.csv.errors import with_errors
from registry.formats.item import Options

MOST_SHOWN = 1_000
"""Items of a dry run that are printed, so that memory stays flat whatever is wrong with a long file."""


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
        Path | None,
        typer.Option(help="Write the CSV file back with a column of errors, once it was checked."),
    ] = None,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Send nothing where anything would be refused.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the verdicts.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for them.", min=1)] = 120,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Send submissions.

    With MPS_API_URL and MPS_API_KEY set they go through the API; otherwise straight to the registry of this machine,
    and --site says for which hospital. Exit status 1 when something was refused.

    Example: mps submit cases.ndjson --wait
    """
    if errors is not None and (not (dry_run or all_or_nothing) or len(files) > 1):
        raise WrongUsage("--errors goes with --dry-run or --all-or-nothing, and one file")
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
    with sender(site) as send:
        tried = []
        if dry_run or all_or_nothing:
            tried = _each(sendings, "checking", lambda one: _try(send, one, errors, whole=json))
        results = tried if dry_run or any(map(_refused, tried)) else _each(sendings, "sending", send.batch)
        if wait and results is not tried:
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


def _each(
    sendings: list[Sending], what: str, do: Callable[[Sending], dict[str, Any]]
) -> list[dict[str, Any]]:
    """What is done with each file, beside its name; one that is refused whole keeps no other from it."""
    results = []
    with output.progress(what, len(sendings)) as bar:
        for one in sendings:
            try:
                done = do(one)
            except MpsError as error:
                if error.exit_status != 1:
                    raise
                done = {"refused": str(error)}
            results.append({"file": str(one.path), **done})
            bar.advance(bar.task_ids[0])
    return results


def _try(send: Sender, file: Sending, errors: Path | None, *, whole: bool) -> dict[str, Any]:
    """The verdicts on a file, ``whole`` or those that say something; and the file back with its errors."""
    states: Counter[str] = Counter()
    kept: list[dict[str, Any]] = []

    def verdicts(trial: Trial) -> Iterator[tuple[bytes, list[dict[str, Any]]]]:
        for item, verdict in trial.verdicts:
            states[verdict["state"]] += 1
            if whole or (verdict["findings"] and len(kept) < MOST_SHOWN):
                kept.append(verdict)
            yield item.source, verdict["findings"]

    with send.trial(file) as trial:
        if errors is None:
            deque(verdicts(trial), maxlen=0)
        elif trial.incoming.head is None:
            raise WrongUsage(f"{file.path}: only a CSV file can be given back with its errors")
        else:
            with errors.open("w", encoding="utf-8", newline="") as out:
                out.writelines(with_errors(trial.incoming.head, verdicts(trial)))
        notes = [note.as_json() for note in trial.incoming.notes]
    return {"accepted": states["accepted"], "rejected": states["rejected"], "verdicts": kept, "notes": notes}


def _refused(result: dict[str, Any]) -> bool:
    return "refused" in result or bool(result["rejected"] or result.get("failed"))


def _print(results: list[dict[str, Any]]) -> None:
    for result in results:
        if "refused" in result:
            output.fail(f"{result['file']}: {result['refused']}")
            continue
        if "verdicts" in result:
            items = result["verdicts"]
            output.say(
                f"{result['file']}: {result['accepted']} would be accepted, "
                f"{result['rejected']} would be refused; nothing was stored"
            )
            if len(items) == MOST_SHOWN:
                output.say(f"  the first {MOST_SHOWN} with a finding (all of them: --json, or --errors FILE)")
        else:
            items = result["items"]
            output.say(
                f"{result['file']}: received {result['received']}: {result['accepted']} accepted, "
                f"{result['rejected']} rejected, {result['failed']} failed, {result['waiting']} waiting "
                f"(batch {result['id']})"
            )
        for finding in result["notes"]:
            output.say(f"  {finding['severity']:6} {finding['rule']}: {finding['message']}")
        said = set()  # a record is judged with its case: what is asked of the case is said once
        for one in items:
            for finding in one["findings"]:
                what = (one["case"], finding["rule"], finding["message"])
                if finding["severity"] != "reject" and what in said:
                    continue
                said.add(what)
                where = f"{one['place']} {one['case'] or ''} {finding['pointer']}".strip()
                output.say(f"  {finding['severity']:6} {finding['rule']}  {where}: {finding['message']}")

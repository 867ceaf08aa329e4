"""mps derive: derived outcomes of a case file; no server, no database. With --all, of every stored case."""

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from cli import output
from cli.local import local_registry
from registry.domain.case import EMPTY, Case
from registry.domain.check import judge
from registry.domain.derive import derive as derive_case
from registry.domain.findings import Finding
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.rules.rule import Context
from registry.errors import BadRequest, Unreachable, WrongUsage
from registry.formats import json as json_format
from registry.pipeline.rederive import changes_since, checked_under, rederive_all, stale_cases
from registry.store import events

STUCK_AFTER = 60.0
"""Seconds without any progress after which the command says so."""


def derive(
    file: Annotated[
        Path | None,
        typer.Argument(help="A case as submission, array or NDJSON.", exists=True, dir_okay=False),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Derive every stored case anew, through the workers.")
    ] = False,
    cutoff: Annotated[
        datetime | None, typer.Option(help="Clinical data up to this day; today unless given.")
    ] = None,
    table: Annotated[str, typer.Option(help="Opioid conversion table.")] = "MPS-OME-1",
) -> None:
    """Print the derived outcomes of the cases in a file as JSON; no server, no database.

    Example: mps derive case.json
    """
    if every == (file is not None):
        raise WrongUsage("name a file, or give --all for every stored case")
    if file is not None:
        last = cutoff.date() if cutoff else datetime.now(UTC).date()
        output.as_json(_file(file, last, table))
    else:
        total = derive_every(event="derived.rebuilt", call="mps derive --all")
        output.say(f"derived {total} cases anew")


def _file(file: Path, cutoff: date, table: str) -> list[dict[str, object]]:
    body = file.read_bytes()
    if file.suffix == ".json":
        parsed, problem = json_format.document(body, max_depth=50)
        if problem:
            raise BadRequest(f"{file}: {problem.message}")
        documents = parsed if isinstance(parsed, list) else [parsed]
    else:
        documents = [orjson.loads(line) for line in json_format.lines(body)]
    found: dict[str, tuple[Case, tuple[Finding, ...]]] = {}
    refused = False
    for document in documents:
        submission, findings = read_submission(document)
        name = submission.case if submission else str(len(found))
        before = found.get(name, (EMPTY, ()))[0]
        if submission is not None:
            now = datetime.now(UTC)
            verdict = judge(before, submission, Context(today=now.date()), now=now)
            before, findings = verdict.case, list(verdict.findings)
            refused |= not verdict.accepted
        else:
            refused = True
        found[name] = (before, tuple(findings))
    cases: list[dict[str, object]] = [
        {
            "case": name,
            "cutoff": cutoff.isoformat(),
            "findings": [f.as_json() for f in findings],
            "derived": derive_case(case, Basis(cutoff, table)),
        }
        for name, (case, findings) in found.items()
    ]
    if refused:
        output.as_json(cases)
        raise typer.Exit(1)
    return cases


def derive_every(*, event: str, call: str | None = None, **detail: Any) -> int:
    """Check and derive every stored case anew, through the workers, with a progress bar; returns how many."""
    with local_registry(call) as here:
        with here.work() as work:
            began = work.now()
            total = rederive_all(work, here.settings)
            detail |= {"before": checked_under(work), "cases": total}
            events.add(work.session, [events.happened(event, "*", actor=here.actor, **detail)])
        with output.progress("deriving", total) as bar:
            left, moved_at = total, time.monotonic()
            while left:
                with here.work() as work:
                    now_left = stale_cases(work, began)
                if now_left != left:
                    left, moved_at = now_left, time.monotonic()
                    bar.update(bar.task_ids[0], completed=total - left)
                elif time.monotonic() - moved_at > STUCK_AFTER:
                    raise Unreachable(
                        f"{left} of {total} cases are not done and nothing moves; is a worker running?"
                    )
                time.sleep(0.2)
        with here.work() as work:
            rows = changes_since(work, began)
    output.table(rows, ("outcome", "why", "cases"), empty="no derived value changed")
    return total

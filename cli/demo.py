"""mps demo: the whole job on the published cases and a simulated cohort, on servers of its own."""

import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer

from cli import output
from cli.literature import print_table_one
from cli.report_files import write_files
from cli.services import Services, services
from registry import logs
from registry.domain.literature.published import published_cases
from registry.domain.simulation.simulate import simulate
from registry.errors import Unreachable
from registry.pipeline.cases import show_case
from registry.pipeline.sites import add_site, issue_key
from registry.settings import Settings
from registry.store import receipts, reports
from registry.wiring import Registry, open_registry

LITERATURE = "LIT"
WITHIN = 90.0
"""Seconds for each step; a demo that takes longer is broken."""


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("demo-report"),
    cases: Annotated[int, typer.Option(help="Simulated patients.", min=1)] = 60,
    sites: Annotated[int, typer.Option(help="Simulated hospitals.", min=1, max=20)] = 5,
    seed: Annotated[int, typer.Option(help="The same seed gives the same cohort.")] = 1,
) -> None:
    """Do the whole job: published cases and a simulated cohort through API, queue and workers, then the report.

    Starts servers of its own in a temporary folder and stops them again. No real patient is in it but the three
    published ones.
    """
    with tempfile.TemporaryDirectory(prefix="mps-demo-") as folder:
        settings = Settings(database_url=None, redis_url=None, data=Path(folder), port=0, log_level="WARNING")
        logs.set_up(settings)
        output.note("starting PostgreSQL, Valkey, API, worker and beat ...")
        quick = {
            "MPS_REPORT_CHECK_SECONDS": "1",
            "MPS_REPORT_DEBOUNCE_SECONDS": "1",
            "MPS_LOG_LEVEL": "WARNING",
        }
        with open_registry(settings) as registry, services(registry, output.note, **quick) as running:
            example = _send(registry, running, cases, sites, seed)
            _tell_of_intake(registry, running, example)
            print_table_one()
            _tell_of_published_cases(registry)
            _tell_of_report(registry, out)


def _send(registry: Registry, running: Services, cases: int, sites: int, seed: int) -> str:
    """Send everything over HTTP; returns the address of one receipt worth reading."""
    cohort: dict[str, list[dict[str, Any]]] = {LITERATURE: published_cases()}
    for one in simulate(cases, sites, seed, datetime.now(UTC).date()):
        cohort.setdefault(one.site, []).append(one.envelope)
    keys = {}
    for site in sorted(cohort):
        name = (
            "Takamatsu et al. 2018 (published cases)" if site == LITERATURE else f"Simulated hospital {site}"
        )
        with registry.work() as work:
            add_site(work, site, name, country=None, timezone="UTC", actor="demo")
            keys[site] = issue_key(work, site, scopes=["submit", "read"], days=1, label="demo", actor="demo")
    total = sum(map(len, cohort.values()))
    output.note(f"sending {total} submissions of {len(cohort)} sites through the API ...")
    receipt = ""
    with httpx.Client(base_url=running.url, timeout=60, trust_env=False) as client:
        for site, envelopes in sorted(cohort.items()):
            headers = {"Authorization": f"Bearer {keys[site]}"}
            if site == LITERATURE:
                for envelope in envelopes:
                    answer = client.post("/v1/submissions", content=orjson.dumps(envelope), headers=headers)
                    answer.raise_for_status()
                    receipt = receipt or answer.headers["Location"]
            else:
                body = b"\n".join(map(orjson.dumps, envelopes))
                ndjson = headers | {"Content-Type": "application/x-ndjson"}
                client.post("/v1/batches", content=body, headers=ndjson).raise_for_status()
        with output.progress("deciding", total) as bar:
            _until(running, lambda: _decided(registry, bar) == total, "the submissions were not all decided")
        found = client.get(receipt, headers={"Authorization": f"Bearer {keys[LITERATURE]}"})
        return found.text


def _decided(registry: Registry, bar: Any) -> int:
    with registry.work() as work:
        decided: int = sum(row.received - row.waiting for row in receipts.ledger(work.session))
    bar.update(bar.task_ids[0], completed=decided)
    return decided


def _tell_of_intake(registry: Registry, running: Services, example: str) -> None:
    with registry.work() as work:
        rows = receipts.ledger(work.session)
        refused = receipts.submissions(
            work.session, site_id=None, state="rejected", since=None, after=None, limit=1_000
        )
        why: Counter[str] = Counter()
        words: dict[str, str] = {}
        for one in receipts.some(work.session, [row.id for row in refused], None):
            for finding in one.findings:
                why[finding["rule"]] += 1
                words.setdefault(finding["rule"], finding["message"])
    output.say()
    output.say("What came in (received = accepted + rejected + failed + waiting):")
    ledger = [dict(row._mapping) for row in rows]
    ledger.append({"site": "all"} | {k: sum(r[k] for r in ledger) for k in ledger[0] if k != "site"})
    output.table(ledger, ("site", "received", "accepted", "rejected", "failed", "waiting"), empty="nothing")
    output.say()
    output.say("Why submissions were refused (the cohort is simulated with mistakes on purpose):")
    reasons = [{"rule": rule, "times": n, "for_example": words[rule]} for rule, n in sorted(why.items())]
    output.table(reasons, ("rule", "times", "for_example"), empty="none was refused")
    output.say()
    output.say("One receipt in full, as GET /v1/submissions/{id} gives it:")
    output.as_json(orjson.loads(example))


def _tell_of_published_cases(registry: Registry) -> None:
    output.say()
    output.say("Derived outcomes of the three published cases (never part of the prospective estimates):")
    for envelope in published_cases():
        with registry.work() as work:
            found = show_case(work, registry.settings, envelope["case"], site_id=None, actor="demo")
        output.say(f"{envelope['case']} ({found['registry_id']})")
        output.derived(found["derived"])


def _tell_of_report(registry: Registry, out: Path) -> None:
    output.note("waiting for the report that the schedule builds ...")
    deadline = time.monotonic() + WITHIN
    report = None
    while time.monotonic() < deadline:
        with registry.work() as work:
            newest = next(iter(reports.every(work.session, "staff")), None)
            last = reports.last_accepted(work.session)
            if newest is not None and last is not None and newest.as_of >= last:
                report = newest
                written = write_files(work, report, out)
                break
        time.sleep(0.2)
    if report is None:
        raise Unreachable("the schedule did not build a report in time")
    output.say()
    output.say(
        f"report {report.number} was built by the schedule ({report.trigger}) from {report.cases} cases; the staff "
        "edition, because a public one hides most cells of so small a cohort"
    )
    output.say(f"open {written}")


def _until(running: Services, done: Any, complaint: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not done():
        if time.monotonic() > deadline:
            raise Unreachable(complaint)
        running.supervisor.watch(0.1)

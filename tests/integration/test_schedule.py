"""Reports on schedule: once after changes, once a night, by whoever comes first; a failure leaves the last ones in place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier

import orjson
import pytest
from sqlalchemy import text

from registry.domain.report.assemble import SectionFailed, assemble
from registry.domain.report.document import SectionSpec
from registry.domain.report.sections import SECTIONS
from registry.domain.simulation import simulate
from registry.pipeline import report_life
from registry.pipeline.intake import receive_one
from registry.pipeline.schedule import build_due
from registry.pipeline.sites import add_site, the_site
from registry.store import reports

BEATS = 2


@pytest.fixture
def build(worker):
    """What a beat's message makes a worker do, where changes are quiet at once."""
    return partial(build_due, worker.work, worker.settings.model_copy(update={"report_debounce_seconds": 0}))


@pytest.fixture
def send(registry, decide):
    """Accept the first messages of simulated patients with these numbers."""
    with registry.work() as work:
        add_site(work, "SIM01", "Simulated", country=None, timezone="UTC", actor="test")
    first = {}
    for one in simulate(6, 1, 3, date(2026, 1, 1)):
        if one.expected == "accepted":
            first.setdefault(one.envelope["case"], one.envelope)

    def now(*numbers):
        with registry.work() as work:
            site_id = the_site(work, "SIM01").id
            for number in numbers:
                receive_one(
                    work,
                    registry.settings,
                    site_id=site_id,
                    body=orjson.dumps(first[sorted(first)[number]]),
                    correlation_id="test",
                    idempotency_key=None,
                )
            work.rings.clear()
        decide()

    return now


def kept(registry):
    """The reports by number and audience."""
    with registry.work() as work:
        return sorted((one.number, one.audience) for one in reports.every(work.session))


def runs(rows):
    """The runs of the schedule by the first word of their period, and how they ended."""
    return [
        (row.period.split()[0], row.outcome)
        for row in rows("SELECT period, outcome FROM job_run WHERE job = 'report' ORDER BY begun_at, period")
    ]


def days_pass(registry, days):
    """As though everything had happened so many days earlier; only the owner can lift what keeps reports as they are."""
    with registry.work() as work:
        for table, column in (("report", "built_at"), ("submission", "decided_at"), ("job_run", "begun_at")):
            for statement in (
                f"ALTER TABLE {table} DISABLE TRIGGER USER",
                f"UPDATE {table} SET {column} = {column} - interval '{days} days'",
                f"ALTER TABLE {table} ENABLE TRIGGER USER",
            ):
                work.session.execute(text(statement))


def test_changes_are_reported_once(build, send, registry, rows):
    assert build() == 0  # nothing has been accepted
    send(0, 1)

    assert (build(), build()) == (2, 0)

    assert kept(registry) == [(1, "staff"), (2, "public")]
    assert runs(rows) == [("change", "2 built")]


def test_beats_at_the_same_time_build_once(build, send, registry, rows):
    send(0, 1)
    together = Barrier(BEATS)

    def beat(_):
        together.wait()
        return build()

    with ThreadPoolExecutor(BEATS) as pool:
        assert sorted(pool.map(beat, range(BEATS))) == [0, 2]

    assert len(kept(registry)) == 2
    assert len(runs(rows)) == 1


def test_missed_nights_are_caught_up_once(build, send, registry, rows):
    send(0, 1)
    build()
    days_pass(registry, 5)

    built = [build() for _ in range(3)]

    assert built[1:] == [0, 0]
    assert [period for period, _ in runs(rows)] == ["change", "night"]
    send(2)
    assert build() == 2
    assert [period for period, _ in runs(rows)] == ["change", "night", "change"]


def test_a_night_without_news_builds_nothing(build, send, registry, rows):
    send(0)
    build()
    before = kept(registry)
    days_pass(registry, 1)

    assert build() == 0
    assert kept(registry) == before
    assert runs(rows)[-1] == ("night", "0 built")


def test_a_section_that_fails_names_itself_and_leaves_the_last_reports_in_place(
    build, send, registry, rows, monkeypatch
):
    send(0, 1)
    build()
    before = kept(registry)
    send(2)

    def fail(_):
        raise ZeroDivisionError("nobody")

    broken = (*SECTIONS, SectionSpec("broken", "Broken", fail))
    with monkeypatch.context() as while_broken:
        while_broken.setattr("registry.pipeline.report.assemble", partial(assemble, specs=broken))
        with pytest.raises(SectionFailed, match="section 'broken' failed: ZeroDivisionError: nobody"):
            build()
    assert kept(registry) == before
    assert runs(rows)[-1] == ("change", "failed: section 'broken' failed: ZeroDivisionError: nobody")
    with registry.work() as work:
        for number, _ in before:
            assert report_life.verify(work, registry.settings, report_life.the_report(work, number)) == []

    assert build() == 0  # left to whoever has begun, for a while
    rows("UPDATE job_run SET begun_at = begun_at - interval '11 minutes' RETURNING 1")
    assert build() == 2
    assert len(kept(registry)) == len(before) + 2


def test_others_see_how_far_a_run_is(build, send, registry, rows, monkeypatch):
    send(0, 1)
    seen = []

    def look(_):
        seen.append(runs(rows)[-1][1])
        return ()

    monkeypatch.setattr("registry.pipeline.schedule.BETWEEN", 0)
    watched = (SECTIONS[0], SectionSpec("watched", "Being watched", look))
    monkeypatch.setattr("registry.pipeline.report.assemble", partial(assemble, specs=watched))
    assert build() == 2
    assert seen == [
        "staff report: section 2 of 2: Being watched",
        "public report: section 2 of 2: Being watched",
        "public report: publishing",
    ]
    with registry.work() as work:
        (run,) = reports.runs(work.session, "report", 10)
        assert (run.outcome, run.ended_at is None) == ("2 built", False)

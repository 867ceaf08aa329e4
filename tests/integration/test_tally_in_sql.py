"""The tally of a report, counted once more by the database: one GROUP BY over the stored analysis rows."""

from collections.abc import Callable
from datetime import date

import orjson
import pytest
from sqlalchemy import text

from registry.domain.analysis.flat import ROW
from registry.domain.report.people import People
from registry.domain.report.plan import DISPUTED, WIDE_BOUNDS
from registry.domain.report.times import Origin, times
from registry.domain.simulation import simulate
from registry.pipeline.intake import receive_one
from registry.pipeline.sites import add_site, the_site
from registry.pipeline.study import take_snapshot
from registry.wiring import Registry

END = date(2026, 1, 1)
ORIGINS: tuple[Origin, ...] = ("os_onset", "os_diagnosis", "os_treatment")

TALLY = text("""
    WITH stored AS (
        SELECT (analysis->>:entry)::int AS entry, (analysis->>:exit)::int AS exit,
               replace(analysis->>:told, '''', '"')::jsonb AS told  -- event, cause, flags, reason
        FROM "case"
    ), counted AS (
        SELECT entry, exit, (told->>0)::int AS event FROM stored
        WHERE told->>3 IS NULL AND NOT told->2 ?| :set_aside AND (entry IS NULL OR entry < exit)
    ), steps AS (
        SELECT exit AS day, 0 AS entry, event, 1 - event AS censored FROM counted
        UNION ALL SELECT entry, 1, 0, 0 FROM counted WHERE entry IS NOT NULL
    )
    SELECT day, sum(entry), sum(event), sum(censored) FROM steps GROUP BY day ORDER BY day
""")


@pytest.fixture
def filled(registry: Registry, decide: Callable[[], int]) -> Registry:
    """A registry with simulated patients of two sites, followed to the end."""
    for one in (sent for sent in simulate(25, 2, 7, END) if sent.expected == "accepted"):
        with registry.work() as work:
            if one.site not in {site for (site,) in work.session.execute(text("SELECT code FROM site"))}:
                add_site(work, one.site, one.site, country=None, timezone="UTC", actor="test")
            site_id = the_site(work, one.site).id
            assert site_id is not None
            body = orjson.dumps(one.envelope)
            receive_one(
                work, registry.settings, site_id=site_id, body=body, correlation_id="t", idempotency_key=None
            )
    decide()
    return registry


def test_the_database_counts_the_same_tallies(filled: Registry) -> None:
    with filled.work() as work:
        now = work.now()  # the rows were stored today, so they are those of today's cut-off
        frozen = take_snapshot(work, filled.settings, cutoff=now.date(), as_of=now, audience="staff")
        everyone = People.everyone(frozen.study())
        for origin in ORIGINS:
            told = tuple(f"{origin}.{name}" for name in ("event", "cause", "flags", "reason"))
            slots = {"entry": (f"{origin}.entry",), "exit": (f"{origin}.exit",), "told": told}
            places = {name: ROW.slots.index(slot) for name, slot in slots.items()}
            found = work.session.execute(TALLY, {**places, "set_aside": [WIDE_BOUNDS, DISPUTED]}).all()
            days = times(everyone, origin).tally.days
            assert days
            assert [tuple(row) for row in found] == [
                (row.day, row.entries, *row.events, row.censored) for row in days
            ]

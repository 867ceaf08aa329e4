"""Data quality per site, read off the stored cases, queries and submissions."""

from datetime import date
from typing import Any

from sqlalchemy import text

from registry.domain.data_quality import SiteQuality, silent_days
from registry.pipeline.context import context
from registry.pipeline.load import load_cases
from registry.settings import Settings
from registry.store.database import Work

PAGE = 500

_CASES = text("""
    SELECT c.id, site.code AS site, site.timezone FROM "case" c JOIN site ON site.id = c.site_id
    WHERE c.id > :after AND (CAST(:site AS int) IS NULL OR c.site_id = :site) ORDER BY c.id LIMIT :limit
""")

_SITES = text("""
    SELECT site.id, site.code AS site,
        (SELECT max(decided_at) FROM submission s WHERE s.site_id = site.id AND s.state = 'accepted') AS last_accepted,
        (SELECT count(*) FROM submission s WHERE s.site_id = site.id AND s.state = 'accepted') AS accepted,
        (SELECT count(*) FROM submission s WHERE s.site_id = site.id AND s.state = 'accepted'
            AND (s.effect->>'records_added')::int = 0) AS repeats,
        (SELECT count(*) FROM submission s WHERE s.site_id = site.id AND s.state = 'rejected') AS rejected,
        (SELECT count(*) FROM query q WHERE q.site_id = site.id) AS queries,
        (SELECT count(*) FROM query q WHERE q.site_id = site.id AND q.state = 'open') AS open,
        (SELECT count(*) FROM query q WHERE q.site_id = site.id AND q.state = 'open'
            AND q.opened_at < now() - interval '30 days') AS open_over_30_days,
        (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM q.changed_at - q.opened_at) / 86400)
            FROM query q WHERE q.site_id = site.id AND q.state = 'closed') AS median_days_to_close
    FROM site WHERE (CAST(:site AS int) IS NULL OR site.id = :site) ORDER BY site.code
""")


def site_quality(work: Work, settings: Settings, site_id: int | None = None) -> list[dict[str, Any]]:
    """One row per site: timeliness, queries and their age, partial dates, preferred scores, repeats, silence."""
    now = work.now()
    counted: dict[str, SiteQuality] = {}
    after = 0
    while True:
        rows = work.session.execute(_CASES, {"after": after, "site": site_id, "limit": PAGE}).all()
        if not rows:
            break
        work.keys.forget()
        cases = load_cases(work, [row.id for row in rows])
        for row in rows:
            one = counted.setdefault(row.site, SiteQuality())
            one.add(cases[row.id], context(settings, now, row.timezone))
        after = rows[-1].id
    found = []
    for row in work.session.execute(_SITES, {"site": site_id}):
        quality = counted.get(row.site, SiteQuality())
        last: date | None = row.last_accepted.date() if row.last_accepted else None
        found.append(
            {
                "site": row.site,
                "cases": quality.cases,
                "values": quality.values,
                "queries_per_100_values": _per_100(row.queries, quality.values),
                "open_queries": row.open,
                "open_over_30_days": row.open_over_30_days,
                "median_days_to_close": _rounded(row.median_days_to_close),
                "median_days_to_recording": quality.median_delay,
                "partial_dates": _rounded(quality.partial, 3),
                "scores_0_5_10": _rounded(quality.round_scores, 3),
                "overdue_patients": quality.overdue,
                "accepted": row.accepted,
                "rejected": row.rejected,
                "repeats": row.repeats,
                "silent_days": silent_days(last, now.date()),
            }
        )
    return found


def _per_100(count: int, of: int) -> float | None:
    return round(100 * count / of, 2) if of else None


def _rounded(value: Any, digits: int = 1) -> float | None:
    return None if value is None else round(float(value), digits)

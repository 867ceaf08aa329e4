"""Queries as hospitals and admins work with them: list, answer, close, re-open."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from registry.domain.queries import MEANING, move
from registry.errors import Conflict, NotFound, WrongUsage
from registry.ids import registry_id
from registry.pipeline.sealed_words import histories, sealed_entry
from registry.store import events, queries
from registry.store.database import Work

_LIST = text("""
    SELECT q.id, q.site_id, q.case_id, site.code AS site, c.pseudonym, q.rule, q.rule_version, q.finding, q.state,
           q.blocking, q.opened_at, q.changed_at, q.history, extract(day FROM now() - q.opened_at)::int AS age_days
    FROM query q JOIN site ON site.id = q.site_id JOIN "case" c ON c.id = q.case_id
    WHERE (CAST(:site AS int) IS NULL OR q.site_id = :site)
      AND (CAST(:state AS text) IS NULL OR q.state = :state)
      AND (CAST(:rule AS text) IS NULL OR q.rule = :rule)
      AND (CAST(:case AS text) IS NULL OR c.pseudonym = :case)
      AND q.opened_at <= now() - make_interval(days => :older_than_days)
      AND (CAST(:after AS uuid) IS NULL OR q.id > :after)
    ORDER BY q.id LIMIT :limit
""")

_ONE = text("""
    SELECT q.id, q.site_id, q.state, c.pseudonym FROM query q JOIN "case" c ON c.id = q.case_id
    WHERE q.id = :id AND (CAST(:site AS int) IS NULL OR q.site_id = :site) FOR UPDATE OF q
""")


def list_queries(
    work: Work,
    *,
    site_id: int | None,
    state: str | None = None,
    rule: str | None = None,
    case: str | None = None,
    older_than_days: int = 0,
    after: UUID | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """A page of queries, oldest first."""
    values = {
        "site": site_id,
        "state": state,
        "rule": rule,
        "case": case,
        "older_than_days": older_than_days,
        "after": after,
        "limit": limit + 1,
    }
    rows = work.session.execute(_LIST, values).all()
    page = rows[:limit]
    said = histories(work.keys, ((row.id, row.history) for row in page))
    shown = [_query(row, history) for row, history in zip(page, said, strict=True)]
    return {"queries": shown, "next": str(page[-1].id) if len(rows) > limit else None}


def act(
    work: Work, query_id: UUID, action: str, words: str, *, site_id: int | None, actor: str
) -> dict[str, Any]:
    """Answer, close or re-open a query, with the words of who does it. A query never changes data by itself."""
    if not 3 <= len(words.strip()) <= 2_000:
        raise WrongUsage("say it in 3 to 2000 characters")
    row = work.session.execute(_ONE, {"id": query_id, "site": site_id}).one_or_none()
    if row is None:
        raise NotFound("there is no query with this id")
    state = move(row.state, action)
    if state is None:
        raise Conflict(f"a query that is {row.state} ({MEANING[row.state]}) cannot be moved by `{action}`")
    (key,) = work.keys.of_cases([(row.site_id, row.pseudonym)]).values()
    if key is None:
        raise NotFound("there is no query with this id")
    when = {"action": action, "actor": actor, "at": work.now().isoformat(timespec="seconds")}
    entry = sealed_entry(key, query_id, when, words.strip())
    queries.move(work.session, [{"id": str(query_id), "state": state, "history": [entry], "finding": None}])
    change = {"before": row.state, "after": state}
    happened = events.happened(f"query.{action}", str(query_id), actor=actor, site_id=row.site_id, **change)
    events.add(work.session, [happened])
    return {"id": str(query_id), "state": state}


def _query(row: Row[Any], history: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "site": row.site,
        "case": row.pseudonym,
        "registry_id": registry_id(row.site, row.case_id),
        "rule": row.rule,
        "rule_version": row.rule_version,
        "state": row.state,
        "meaning": MEANING[row.state],
        "blocking": row.blocking,
        "age_days": row.age_days,
        "opened_at": row.opened_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "finding": row.finding,
        "history": history,
    }

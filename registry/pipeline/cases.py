"""Cases as a hospital or an admin reads them: the current view, the history, and the past."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text

from registry.domain.case import Case
from registry.domain.derive import derive
from registry.domain.outcomes.outcome import Basis
from registry.domain.permitted_use import USE_ENDED
from registry.errors import NotFound
from registry.ids import number_of, registry_id
from registry.pipeline.load import load_cases, load_versions
from registry.settings import Settings
from registry.store import events, withdrawals
from registry.store.database import Work

_FIND = text("""
    SELECT c.id, c.site_id, site.code AS site, c.pseudonym, c.created_at, c.changed_at, c.derived
    FROM "case" c JOIN site ON site.id = c.site_id
    WHERE (c.pseudonym = :name OR c.id = CAST(:number AS bigint)) AND (CAST(:site AS int) IS NULL OR c.site_id = :site)
    ORDER BY c.id
""")

_LIST = text("""
    SELECT c.id, site.code AS site, c.pseudonym, c.created_at, c.changed_at,
           (SELECT count(*) FROM query q WHERE q.case_id = c.id AND q.state <> 'closed') AS queries
    FROM "case" c JOIN site ON site.id = c.site_id
    WHERE (CAST(:site AS int) IS NULL OR c.site_id = :site) AND c.id > :after
    ORDER BY c.id LIMIT :limit
""")


def list_cases(work: Work, *, site_id: int | None, after: int, limit: int) -> dict[str, Any]:
    """A page of cases in order of their registry number; ``next`` is the cursor of the following one."""
    rows = work.session.execute(_LIST, {"site": site_id, "after": after, "limit": limit + 1}).all()
    page = rows[:limit]
    return {
        "cases": [_head(row) | {"open_queries": row.queries} for row in page],
        "next": page[-1].id if len(rows) > limit else None,
    }


def find_case(work: Work, name: str, site_id: int | None) -> Row[Any]:
    """The case with this registry id or the site's pseudonym; of two sites' with one pseudonym, neither is guessed."""
    number = number_of(name)
    rows = work.session.execute(_FIND, {"name": name, "number": number, "site": site_id}).all()
    exact = [row for row in rows if row.id == number and registry_id(row.site, row.id) == name]
    rows = exact or [row for row in rows if row.pseudonym == name]
    if not rows:
        raise NotFound("there is no such case")
    if len(rows) > 1:
        known = ", ".join(registry_id(row.site, row.id) for row in rows)
        raise NotFound(f"several sites use this pseudonym; name the case by its registry id: {known}")
    return rows[0]


def show_case(
    work: Work,
    settings: Settings,
    name: str,
    *,
    site_id: int | None,
    actor: str,
    as_of: datetime | None = None,
) -> dict[str, Any]:
    """The current records and derived values; with ``as_of`` as the registry knew them then. Reading is audited."""
    row = find_case(work, name, site_id)
    case = load_cases(work, [row.id], as_of)[row.id]
    if as_of is not None and not case.versions:
        raise NotFound("the registry knew nothing of this case at that time")
    derived = row.derived if as_of is None else derive(case, Basis(as_of.date(), settings.opioid_table))
    withdrawn = withdrawals.of_case(work.session, row.id)
    _read(work, row, actor, "case.read")
    return _head(row) | {
        "as_of": as_of.isoformat() if as_of else None,
        "withdrawals": [_withdrawal(one) for one in withdrawn],
        "forms": _with_snapshots(forms_of(case), withdrawn),
        "derived": derived or [],
    }


def history(work: Work, name: str, *, site_id: int | None, actor: str) -> dict[str, Any]:
    """Every version of every record, with when it was recorded, when it was accepted, and why."""
    row = find_case(work, name, site_id)
    versions = list(load_versions(work, [row.id]))
    case = Case.of(version for _, version in versions)
    current = {version.hash for version in case.current.values()}
    _read(work, row, actor, "case.history_read")
    return _head(row) | {
        "versions": [
            {
                "form": one.form,
                "content": version.content.plain,
                "recorded_at": one.recorded_at.isoformat(),
                "accepted_at": one.accepted_at.isoformat(),
                "reason": version.reason,
                "submission": str(one.submission_id),
                "dictionary": one.dictionary,
                "hash": one.hash,
                "current": one.hash in current,
            }
            for one, version in versions
        ]
    }


def forms_of(case: Case) -> dict[str, Any]:
    """The current view in the shape of a submission's ``forms``."""
    found: dict[str, Any] = {}
    for (form, _), version in case.current.items():
        content = dict(version.content.plain)
        if version.content.KEY:
            found.setdefault(form, []).append(content)
        else:
            found[form] = content
    return found


def _with_snapshots(forms: dict[str, Any], withdrawn: Sequence[Row[Any]]) -> dict[str, Any]:
    """The forms with what only the registry knows of a withdrawal that holds: the snapshots that have the case."""
    snapshots = [name for one in withdrawn if one.lifted_at is None for name in one.snapshots]
    for consent in forms.get("consent", ()):
        said = consent.get("withdrawal")
        if said and said.get("level") in USE_ENDED and snapshots:
            consent["withdrawal"] = {"affected_snapshots": sorted(set(snapshots))} | said
    return forms


def _withdrawal(row: Row[Any]) -> dict[str, Any]:
    return {
        "level": row.level,
        "from": None if row.effective_from == date.min else row.effective_from.isoformat(),
        "noticed_at": row.noticed_at.isoformat(),
        "lifted_at": row.lifted_at.isoformat() if row.lifted_at else None,
        "reports": row.reports,
    }


def _head(row: Row[Any]) -> dict[str, Any]:
    return {
        "registry_id": registry_id(row.site, row.id),
        "site": row.site,
        "case": row.pseudonym,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
    }


def _read(work: Work, row: Row[Any], actor: str, action: str) -> None:
    events.add(
        work.session,
        [events.happened(action, registry_id(row.site, row.id), actor=actor, site_id=row.site_id)],
    )

"""Ask: make the stored queries of cases say what their data now say."""

from datetime import datetime
from typing import Any

from registry.domain.findings import Finding
from registry.domain.queries import Known, move, reconcile
from registry.domain.rules import RULES_BY_ID
from registry.ids import new_id
from registry.store import events, queries
from registry.store.database import Work


def ask(
    work: Work, checked: list[tuple[int, int, tuple[Finding, ...]]], *, actor: str, now: datetime
) -> None:
    """Open, close and re-open queries for (case id, site id, findings) of cases that were checked at ``now``."""
    stored: dict[int, list[Known]] = {}
    for row in queries.of_cases(work.session, [case_id for case_id, _, _ in checked]):
        known = Known(row.id, row.rule, row.fingerprint, row.state, row.history[-1]["action"])
        stored.setdefault(row.case_id, []).append(known)
    opened: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    happened: list[dict[str, Any]] = []
    at = now.isoformat(timespec="seconds")
    for case_id, site_id, findings in checked:
        changes = reconcile(stored.get(case_id, ()), findings)
        for finding, fingerprint in changes.opened:
            query_id = str(new_id())
            rule = RULES_BY_ID[finding.rule]
            opened.append(
                {
                    "id": query_id,
                    "site_id": site_id,
                    "case_id": case_id,
                    "rule": rule.id,
                    "rule_version": rule.version,
                    "fingerprint": fingerprint,
                    "finding": finding.as_json(),
                    "blocking": rule.blocking,
                    "history": [{"action": "opened", "actor": actor, "at": at}],
                }
            )
            happened.append(
                events.happened("query.opened", query_id, actor=actor, site_id=site_id, rule=rule.id)
            )
        for query, action, again in changes.moved:
            entry = {"action": action, "actor": actor, "at": at}
            state = move(query.state, action)
            moved.append(
                {
                    "id": str(query.id),
                    "state": state,
                    "entry": entry,
                    "finding": again.as_json() if again else None,
                }
            )
            happened.append(events.happened(f"query.{state}", str(query.id), actor=actor, site_id=site_id))
    queries.add(work.session, opened)
    queries.move(work.session, moved)
    events.add(work.session, happened)

"""Ask: make the stored queries of cases say what their data now say."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from registry.domain.findings import Finding
from registry.domain.queries import Known, move, reconcile
from registry.domain.rules import RULES_BY_ID
from registry.ids import new_id
from registry.store import events, queries
from registry.store.database import Work

Checked = tuple[int, int, tuple[Finding, ...]]
"""(case id, site id, findings) of a case as it was checked"""


def ask(work: Work, checked: Iterable[Checked], *, actor: str, now: datetime) -> None:
    """Open, close and re-open queries of cases that were checked at ``now``.

    A case that was checked after each of several submissions comes once for each, in their order: so what is asked does
    not depend on which submissions happened to be decided together.
    """
    checked = list(checked)
    stored: dict[int, dict[Any, Known]] = {case_id: {} for case_id, _, _ in checked}
    for one in queries.of_cases(work.session, list(stored)):
        stored[one.case_id][one.id] = Known(
            one.id, one.rule, one.fingerprint, one.state, one.history[-1]["action"]
        )
    opened: dict[Any, dict[str, Any]] = {}
    moved: dict[Any, dict[str, Any]] = {}
    happened: list[dict[str, Any]] = []
    at = now.isoformat(timespec="seconds")
    for case_id, site_id, findings in checked:
        known = stored[case_id]
        changes = reconcile(known.values(), findings)
        for finding, fingerprint in changes.opened:
            rule, query_id = RULES_BY_ID[finding.rule], new_id()
            known[query_id] = Known(query_id, rule.id, fingerprint, "open", "opened")
            opened[query_id] = {
                "id": str(query_id),
                "site_id": site_id,
                "case_id": case_id,
                "rule": rule.id,
                "rule_version": rule.version,
                "fingerprint": fingerprint,
                "finding": finding.as_json(),
                "state": "open",
                "blocking": rule.blocking,
                "history": [{"action": "opened", "actor": actor, "at": at}],
            }
            happened.append(
                events.happened("query.opened", str(query_id), actor=actor, site_id=site_id, rule=rule.id)
            )
        for query, action, again in changes.moved:
            state = move(query.state, action)
            assert state is not None
            known[query.id] = replace(query, state=state, last_action=action)
            row: dict[str, Any] = opened.get(query.id) or moved.setdefault(
                query.id, {"id": str(query.id), "history": [], "finding": None}
            )
            row["state"] = state
            row["history"].append({"action": action, "actor": actor, "at": at})
            row["finding"] = again.as_json() if again else row["finding"]
            happened.append(events.happened(f"query.{state}", str(query.id), actor=actor, site_id=site_id))
    queries.add(work.session, list(opened.values()))
    queries.move(work.session, list(moved.values()))
    events.add(work.session, happened)

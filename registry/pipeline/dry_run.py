"""Dry run: the verdict on a submission as it would be now, and nothing stored."""

from typing import Any

from registry.domain.case import EMPTY
from registry.domain.check import judge
from registry.domain.derive import derive
from registry.domain.outcomes.outcome import Basis
from registry.formats.item import Item
from registry.pipeline.context import context
from registry.pipeline.intake import Unreadable
from registry.pipeline.load import load_cases
from registry.pipeline.process import read
from registry.settings import Settings
from registry.store import cases, sites
from registry.store.database import Work


def dry_run_item(work: Work, settings: Settings, *, site_id: int, item: Item) -> dict[str, Any]:
    """The same for an item of a file, with its place; one that can not be read is rejected with its findings."""
    said = [one.as_json() for one in item.problems]
    if item.envelope is None:
        return _refused(item, said)
    try:
        found = dry_run(work, settings, site_id=site_id, body=item.envelope)
    except Unreadable as error:
        return _refused(item, said + [one.as_json() for one in error.findings])
    return {"place": item.place, **found, "findings": said + found["findings"]}


def _refused(item: Item, findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "place": item.place,
        "dry_run": True,
        "case": item.case,
        "state": "rejected",
        "effect": None,
        "findings": findings,
        "derived": [],
    }


def dry_run(work: Work, settings: Settings, *, site_id: int, body: bytes) -> dict[str, Any]:
    """State, findings and derived values that the submission would get; raises ``Unreadable`` as receiving does."""
    submission, findings = read(body, settings)
    if submission is None:
        raise Unreadable(findings)
    known = cases.find(work.session, [(site_id, submission.case)])
    stored = load_cases(work.session, list(known.values()))
    case = next(iter(stored.values()), EMPTY)
    now = work.now()
    timezone = sites.timezone(work.session, site_id)
    verdict = judge(case, submission, context(settings, now, timezone), now=now)
    basis = Basis(cutoff=now.date(), opioid_table=settings.opioid_table)
    return {
        "dry_run": True,
        "case": submission.case,
        "state": "accepted" if verdict.accepted else "rejected",
        "effect": {"records_added": len(verdict.added)},
        "findings": [f.as_json() for f in verdict.findings],
        "derived": derive(verdict.case, basis) if verdict.accepted else [],
    }

"""Dry run: the verdicts on submissions as they would be now, and nothing stored."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from registry.domain.case import EMPTY, Case
from registry.domain.check import Verdict, judge
from registry.domain.derive import derive
from registry.domain.outcomes.outcome import Basis
from registry.domain.submission import Submission
from registry.formats.item import Item
from registry.pipeline.context import context
from registry.pipeline.intake import Unreadable
from registry.pipeline.load import load_cases
from registry.pipeline.process import read
from registry.settings import Settings
from registry.store import cases, sites
from registry.store.database import OpenWork, Work

AT_ONCE = 200
"""Items whose cases are read together."""

REMEMBERED = 5_000
"""Cases of a file that are remembered: more than the rows of one table that belong together."""

Answer = dict[str, Any]


def dry_run(work: Work, settings: Settings, *, site_id: int, body: bytes) -> Answer:
    """State, findings and derived values that the submission would get; raises ``Unreadable`` as receiving does."""
    submission, findings = read(body, settings)
    if submission is None:
        raise Unreadable(findings)
    case = _known(work, site_id, {submission.case}).get(submission.case, EMPTY)
    now = work.now()
    timezone = sites.timezone(work.session, site_id)
    verdict = judge(case, submission, context(settings, now, timezone), now=now)
    return _answer(submission, verdict, settings, now.date())


def rehearse(
    open_work: OpenWork, settings: Settings, *, site_id: int, items: Iterable[Item]
) -> Iterator[tuple[Item, Answer]]:
    """The items of a file with what would become of each, those before it taken: what cannot be read is rejected."""
    remembered: dict[str, Case] = {}
    items = iter(items)
    while found := list(itertools.islice(items, AT_ONCE)):
        read_of = [None if one.envelope is None else read(one.envelope, settings) for one in found]
        names = {submission.case for submission, _ in filter(None, read_of) if submission}
        with open_work() as work:
            now, timezone = work.now(), sites.timezone(work.session, site_id)
            remembered |= _known(work, site_id, names - set(remembered))
        for item, one in zip(found, read_of, strict=True):
            said = [problem.as_json() for problem in item.problems]
            submission, findings = one or (None, [])
            if submission is None:
                yield item, _refused(item, said + [finding.as_json() for finding in findings])
                continue
            case = remembered.get(submission.case, EMPTY)
            verdict = judge(case, submission, context(settings, now, timezone), now=now)
            remembered[submission.case] = verdict.case
            answer = _answer(submission, verdict, settings, now.date())
            yield item, {"place": item.place, **answer, "findings": said + answer["findings"]}
        while len(remembered) > REMEMBERED:
            del remembered[next(iter(remembered))]


def _known(work: Work, site_id: int, names: set[str]) -> dict[str, Case]:
    """The cases of these pseudonyms that the registry has."""
    named = {(site_id, name): work.keys.vault.case((site_id, name)) for name in names}
    ids = {row.pseudonym: row.id for row in cases.find(work.session, named) if row.id is not None}
    stored = load_cases(work, list(ids.values()))
    return {name: stored[number] for name, number in ids.items()}


def _answer(submission: Submission, verdict: Verdict, settings: Settings, today: date) -> Answer:
    basis = Basis(cutoff=today, opioid_table=settings.opioid_table)
    return {
        "dry_run": True,
        "case": submission.case,
        "state": "accepted" if verdict.accepted else "rejected",
        "effect": {"records_added": len(verdict.added)},
        "findings": [f.as_json() for f in verdict.findings],
        "derived": derive(verdict.case, basis) if verdict.accepted else [],
    }


def _refused(item: Item, findings: list[Answer]) -> Answer:
    return {
        "place": item.place,
        "dry_run": True,
        "case": item.case,
        "state": "rejected",
        "effect": None,
        "findings": findings,
        "derived": [],
    }

"""Recheck: what the present rules say of stored cases, compared with those they were last checked under."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from registry.domain.check import RULES_THAT_REJECT, asked, fingerprint, run
from registry.ids import registry_id
from registry.pipeline.context import context
from registry.pipeline.link import twins
from registry.pipeline.load import load_cases
from registry.settings import Settings
from registry.store.database import Work

_CASES = text("""
    SELECT c.id, c.site_id, site.code AS site, site.timezone, c.pseudonym, c.basis
    FROM "case" c JOIN site ON site.id = c.site_id
    WHERE c.id > :after ORDER BY c.id LIMIT :limit
""")

_COUNT = text('SELECT count(*) FROM "case"')


@dataclass(frozen=True, slots=True)
class Change:
    """What the present rules change for a case.

    refused   rules that would send its records back today; accepted records stay, so this is for people to settle
    gained    rules that ask or note something new
    lost      rules that no longer do
    """

    id: int
    registry_id: str
    checked_under: str | None
    refused: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def changes(self) -> bool:
        return bool(self.refused or self.gained or self.lost)


def count_cases(work: Work) -> int:
    """How many cases there are."""
    found: int = work.session.execute(_COUNT).scalar_one()
    return found


def preview(work: Work, settings: Settings, *, after: int, limit: int = 200) -> Sequence[Change]:
    """The changes for a page of cases in order of their number; changes nothing."""
    rows = work.session.execute(_CASES, {"after": after, "limit": limit}).all()
    cases = load_cases(work, [row.id for row in rows])
    elsewhere = twins(work, {row.id: (row.site_id, cases[row.id]) for row in rows})
    now = work.now()
    found = []
    for row in rows:
        in_force = context(settings, now, row.timezone, elsewhere.get(row.id, ()))
        case = cases[row.id]
        present = {(f.rule, fingerprint(f)) for f in asked(case, in_force)}
        before = {(rule, digest) for rule, digest in (row.basis or {}).get("findings", ())}
        found.append(
            Change(
                id=row.id,
                registry_id=registry_id(row.site, row.id),
                checked_under=(row.basis or {}).get("rules"),
                refused=tuple(sorted({f.rule for f in run(RULES_THAT_REJECT, case, in_force)})),
                gained=tuple(sorted(rule for rule, _ in present - before)),
                lost=tuple(sorted(rule for rule, _ in before - present)),
            )
        )
    return found

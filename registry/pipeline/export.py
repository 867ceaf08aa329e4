"""Export: cases as the registry knew them at a time, at a cut-off, page by page, to the files of a format.

Memory stays flat: a page of cases is loaded, written and forgotten. The whole export sees one state of the database. Its
snapshot hash is that of a report at the same cut-off and as-of time; those whose patients withdrew the use of their data
are counted and in neither, those who did not allow sharing are counted and left out of the files.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from registry.domain.analysis import analysis_row
from registry.domain.analysis.flat import Flat, as_json, flat
from registry.domain.case import Case, Version
from registry.domain.check import RULES_THAT_ASK, run
from registry.domain.cut import cut
from registry.domain.derive import derive
from registry.domain.outcomes.outcome import Basis
from registry.domain.permitted_use import may_be_shared
from registry.domain.queries import State, move
from registry.domain.rules.rule import Context
from registry.errors import WrongUsage
from registry.formats.exported import About, Accepted, AskedQuery, ExportedCase, Profile
from registry.formats.folder import Folder
from registry.formats.outgoing import outgoing
from registry.ids import registry_id
from registry.pipeline.context import limits
from registry.pipeline.frozen_cases import FrozenCasesBuilder
from registry.pipeline.load import load_versions
from registry.pipeline.sealed_words import histories
from registry.pipeline.study import usable, versions_in_force
from registry.settings import Settings
from registry.store import events, exports
from registry.store.database import Work

PAGE = 100
"""Cases in memory at once. Larger pages are no faster; those of 500 cost 125 MB more."""

Tell = Callable[[int, int], None]
"""Told after each case how many were exported, and how many there are."""

_NOTED = ("format", "profile", "agreement", "cutoff", "as_of", "cases", "withheld")
"""Facts of the manifest that the audit trail keeps."""


@dataclass
class Seen:
    """What went by while cases were exported."""

    exported: int = 0
    withheld: Counter[str] = field(default_factory=Counter)
    cases: FrozenCasesBuilder = field(default_factory=FrozenCasesBuilder)

    @cached_property
    def snapshot(self) -> str:
        """SHA-256 of the analysis rows, as a report at the same cut-off and as-of time has it."""
        return self.cases.done().rows_hash


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export."""

    folder: Path
    files: int
    size: int
    cases: int
    withheld: dict[str, int]
    snapshot: str


def export(
    work: Work,
    settings: Settings,
    *,
    format_name: str,
    out: Path,
    actor: str,
    cutoff: date | None = None,
    as_of: datetime | None = None,
    profile: Profile = "internal",
    agreement: str | None = None,
    round_doses: bool = False,
    tell: Tell = lambda done, total: None,
) -> Exported:
    """Write an export to a folder and note it in the audit trail. The work must be fresh.

    Raises ``WrongUsage`` for an unknown format, for a profile the format does not know, and for a limited data set
    without the number of a data use agreement.
    """
    chosen = outgoing(format_name)
    if profile != "internal" and not chosen.profiles:
        raise WrongUsage(
            f"{chosen.name} holds whole records and leaves under no profile; take csv, spss, stata or r"
        )
    if profile == "limited" and not (agreement and agreement.strip()):
        raise WrongUsage("a limited data set needs the data use agreement it is given under: --agreement ID")
    exports.freeze(work.session)
    now = work.now()
    as_of = min(as_of or now, now)
    about = About(
        cutoff=cutoff or as_of.date(),
        as_of=as_of,
        opioid_table=settings.opioid_table,
        versions=versions_in_force(settings),
        profile=profile,
        threshold=settings.report_public_threshold,
        round_doses=round_doses,
    )
    folder, seen = Folder(out), Seen()
    total = exports.count(work.session, as_of)
    chosen.write(_told(exported_cases(work, settings, about, seen), total, tell), about, folder)
    facts = {
        "format": chosen.name,
        "title": chosen.title,
        "profile": profile,
        "agreement": agreement,
        "cutoff": about.cutoff.isoformat(),
        "as_of": about.as_of.isoformat(),
        "cases": seen.exported,
        "withheld": dict(sorted(seen.withheld.items())),
        "snapshot": seen.snapshot,
        "versions": dict(about.versions),
    }
    folder.finish(facts)
    event = events.happened("export.made", seen.snapshot, actor=actor)
    event["detail"] = {name: facts[name] for name in _NOTED} | {"files": folder.files}
    events.add(work.session, [event])
    return Exported(out, folder.files, folder.bytes, seen.exported, dict(seen.withheld), seen.snapshot)


def exported_cases(work: Work, settings: Settings, about: About, seen: Seen) -> Iterator[ExportedCase]:
    """The cases in order of site and pseudonym, those withheld left out; ``seen`` is complete at the end."""
    basis = Basis(about.cutoff, about.opioid_table)
    after = ("", "")
    while page := exports.page(work.session, about.as_of, after, PAGE):
        after = (page[-1].site, page[-1].pseudonym)
        work.keys.forget()
        rows = [row for row in page if not row.use_ended]
        if len(rows) < len(page):
            seen.withheld["use withdrawn"] += len(page) - len(rows)
        stored = _stored(work, rows)
        asked = _asked(work, rows, about)
        for row in rows:
            records = stored[row.id]
            known = Case.of(version for version, accepted in records if accepted.at <= about.as_of)
            if not known.versions:
                continue  # the registry knew nothing of it yet
            derived, analysis = _derived(settings, row, known, basis, about.as_of)
            seen.cases.add(row.site, row.pseudonym, known.hash, analysis)
            if about.profile != "internal" and not may_be_shared(Case.of(version for version, _ in records)):
                seen.withheld["sharing not allowed"] += 1
                continue
            seen.exported += 1
            yield ExportedCase(
                site=row.site,
                country=row.country,
                registry_id=registry_id(row.site, row.id),
                pseudonym=row.pseudonym,
                case=cut(known, about.cutoff),
                derived=tuple(derived),
                analysis=as_json(analysis),
                accepted={(*version.record, version.hash): accepted for version, accepted in records},
                queries=tuple(asked.get(row.id, ())),
            )


def _told(cases: Iterator[ExportedCase], total: int, tell: Tell) -> Iterator[ExportedCase]:
    for done, case in enumerate(cases, 1):
        yield case
        tell(done, total)


def _stored(work: Work, rows: Any) -> dict[int, list[tuple[Version, Accepted]]]:
    found: dict[int, list[tuple[Version, Accepted]]] = {row.id: [] for row in rows}
    for one, version in load_versions(work, list(found)):
        found[one.case_id].append((version, Accepted(one.accepted_at, str(one.submission_id))))
    return found


def _derived(
    settings: Settings, row: Row[Any], case: Case, basis: Basis, as_of: datetime
) -> tuple[list[dict[str, Any]], Flat]:
    """Derived values and analysis row: as stored where they cannot differ at this cut-off, else anew."""
    current = row.changed_at <= as_of and row.opioid_table == basis.opioid_table
    if current and usable(row.analysis, row.cutoff, basis.cutoff.isoformat()):
        return row.derived, row.analysis
    derived = derive(case, basis)
    findings = tuple(run(RULES_THAT_ASK, case, Context(basis.cutoff, limits(settings))))
    return derived, flat(analysis_row(case, derived, findings, basis))


def _asked(work: Work, rows: Any, about: About) -> dict[int, list[AskedQuery]]:
    found: dict[int, list[AskedQuery]] = {}
    asked = exports.queries(work.session, [row.id for row in rows], about.as_of)
    said = histories(work.keys, ((row.id, row.history) for row in asked))
    for row, entries in zip(asked, said, strict=True):
        history = [entry for entry in entries if datetime.fromisoformat(entry["at"]) <= about.as_of]
        state: State = "open"
        for entry in history[1:]:
            state = move(state, entry["action"]) or state
        finding = row.finding
        found.setdefault(row.case_id, []).append(
            AskedQuery(
                id=str(row.id),
                rule=row.rule,
                form=finding["form"],
                key=finding["key"],
                pointer=finding["pointer"],
                message=finding["message"],
                state=state,
                history=tuple(history),
            )
        )
    return found

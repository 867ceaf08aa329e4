"""Cases as an export is given them, simulated or published, without a database."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from registry.domain.analysis import analysis_row
from registry.domain.case import EMPTY, Case
from registry.domain.check import RULES_THAT_ASK, judge, run
from registry.domain.derive import derive
from registry.domain.findings import Finding
from registry.domain.forms import DICTIONARY_VERSION
from registry.domain.literature.published import published_cases
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.rules.rule import Context
from registry.domain.simulation import simulate
from registry.formats.exported import About, Accepted, AskedQuery, ExportedCase
from registry.formats.folder import Folder
from registry.formats.outgoing import outgoing
from registry.ids import registry_id

CUTOFF = date(2026, 6, 1)
ABOUT = About(
    cutoff=CUTOFF,
    as_of=datetime(2026, 6, 2, 8, 30, tzinfo=UTC),
    opioid_table="MPS-OME-1",
    versions={"code": "0.1.0", "dictionary": DICTIONARY_VERSION},
)


@cache
def simulated(cases: int = 6, sites: int = 2, seed: int = 11) -> tuple[ExportedCase, ...]:
    """A small simulated cohort."""
    return tuple(_simulated(cases, sites, seed))


def _simulated(cases: int, sites: int, seed: int) -> Iterator[ExportedCase]:
    known: dict[str, Case] = {}
    where: dict[str, str] = {}
    for one in simulate(cases, sites, seed, CUTOFF):
        submission, _ = read_submission(one.envelope)
        if submission is not None:
            before = known.get(submission.case, EMPTY)
            verdict = judge(before, submission, Context(today=ABOUT.as_of.date()), now=ABOUT.as_of)
            if verdict.accepted:
                known[submission.case], where[submission.case] = verdict.case, one.site
    for number, (name, case) in enumerate(sorted(known.items()), 1):
        yield exported(case, site=where[name], number=number, pseudonym=name)


@cache
def frozen() -> tuple[ExportedCase, ...]:
    """Two cases that were simulated once and one invented case with something in almost every form.

    Kept as submissions, so that golden files do not change when the simulation does.
    """
    known: dict[tuple[str, str], Case] = {}
    lines = (Path(__file__).parent / "golden/export_cases/cases.ndjson").read_text("utf-8").splitlines()
    for line in lines:
        sent = json.loads(line)
        submission, findings = read_submission(sent["submission"])
        assert submission is not None, findings
        name = sent["site"], submission.case
        known[name] = known.get(name, EMPTY).merge(Case.of(submission.versions))
    return tuple(
        exported(case, site=site, number=number, pseudonym=pseudonym)
        for number, ((site, pseudonym), case) in enumerate(sorted(known.items()), 1)
    )


def write(format_name: str, folder: Path, about: About = ABOUT) -> None:
    """Write the frozen and the published cases in a format; doses may be rounded where a format must."""
    made = Folder(folder)
    about = replace(about, round_doses=True)
    outgoing(format_name).write(iter((*frozen(), *published())), about, made)
    made.finish({"format": format_name})


@cache
def published() -> tuple[ExportedCase, ...]:
    """The three published cases, with what sources without dates can say."""
    found = []
    for number, document in enumerate(published_cases(), 1):
        submission, _ = read_submission(document)
        assert submission is not None
        case = Case.of(submission.versions)
        found.append(exported(case, site="LIT", number=number, pseudonym=submission.case, country=None))
    return tuple(found)


def exported(
    case: Case, *, site: str = "KND", number: int = 1, pseudonym: str = "KND-0001", country: str | None = "JP"
) -> ExportedCase:
    """A case with everything an export knows of it."""
    basis = Basis(ABOUT.cutoff, ABOUT.opioid_table)
    derived = derive(case, basis)
    findings = tuple(run(RULES_THAT_ASK, case, Context(ABOUT.cutoff)))
    return ExportedCase(
        site=site,
        country=country,
        registry_id=registry_id(site, number),
        pseudonym=pseudonym,
        case=case,
        derived=tuple(derived),
        analysis=analysis_row(case, derived, findings, basis),
        accepted={
            (*version.record, version.hash): Accepted(
                version.recorded_at, "01890a5d-ac96-774b-bcce-b302099a8057"
            )
            for version in case.all_versions()
        },
        queries=tuple(
            _query(i, finding) for i, finding in enumerate(findings) if finding.severity == "query"
        ),
    )


def _query(number: int, finding: Finding) -> AskedQuery:
    opened = {"action": "opened", "actor": "registry", "at": "2026-05-01T10:00:00+00:00"}
    return AskedQuery(
        id=f"00000000-0000-7000-8000-{number:012}",
        rule=finding.rule,
        form=finding.form,
        key=finding.key,
        pointer=finding.pointer,
        message=finding.message,
        state="open",
        history=(opened,),
    )

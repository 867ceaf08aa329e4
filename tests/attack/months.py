"""Months of a simulated registry, and the public reports it would publish: what an attacker may read, and the truth.

Patients come, are followed, die, are corrected, found to be another's and withdrawn, month after month; whenever enough
are new a public report is built from what the registry knows then, by the code that builds real ones.
"""

import random
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import orjson

from registry.domain.analysis import AnalysisRow, analysis_row
from registry.domain.case import Case, Version
from registry.domain.check import RULES_THAT_ASK, run
from registry.domain.derive import derive
from registry.domain.disclosure.gate import enough_new
from registry.domain.disclosure.judgement import judge
from registry.domain.disclosure.protect import told
from registry.domain.disclosure.quantities import Relation
from registry.domain.disclosure.series import Edition
from registry.domain.disclosure.telling import edition
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.report.assemble import assemble
from registry.domain.report.contributions import patient_number
from registry.domain.report.document import Document, Study
from registry.domain.rules.rule import Context
from registry.domain.simulation import Truth, simulate
from registry.pipeline.context import limits
from registry.render.json import json_of
from registry.settings import Settings

START = date(2020, 1, 1)
MONTH = 30.4375
VERSIONS = {"code": "simulated", "opioid table": "MPS-OME-1"}


@dataclass(frozen=True)
class Published:
    """One public report.

    page       what everybody reads: the report as JSON
    templates  the sentences of the report before numbers were put in: their wording is no secret
    ids        the group of patients behind each place; the same group has the same number
    sums       the sums that bind groups, as anybody knows who knows what they are
    truth      the patients of each group: what the attacker is after
    """

    month: int
    page: Mapping[str, object]
    templates: tuple[str, ...]
    ids: Mapping[str, int]
    sums: tuple[Relation, ...]
    truth: tuple[frozenset[int], ...]
    values: tuple[int, ...]


@dataclass
class Cohort:
    """Simulated patients with everything that will ever be recorded of them."""

    patients: int
    sites: int
    months: int
    seed: int
    withdrawing: float = 0.02
    versions: dict[tuple[str, str], list[Version]] = field(default_factory=dict)
    settled: dict[tuple[str, str], AnalysisRow] = field(default_factory=dict)
    studies: dict[tuple[int, int], Study] = field(default_factory=dict)

    def __post_init__(self) -> None:
        end = START + timedelta(days=int(self.months * MONTH))
        truth = Truth(recruitment_days=int(self.months * MONTH))
        for one in simulate(self.patients, self.sites, self.seed, end, truth):
            read, _ = read_submission(one.envelope)
            if one.expected == "accepted" and read is not None:
                self.versions.setdefault((one.site, one.envelope["case"]), []).extend(read.versions)
        chance = random.Random(self.seed)
        self.stops = {
            who: chance.randrange(self.months)
            for who in sorted(self.versions)
            if chance.random() < self.withdrawing
        }

    def hospitals(self) -> list[frozenset[int]]:
        """The patients of each hospital, the one with most of them first."""
        found: dict[str, set[int]] = {}
        for site, case in self.versions:
            found.setdefault(site, set()).add(patient_number(site, case))
        return sorted(map(frozenset, found.values()), key=len, reverse=True)

    def study(self, month: int, threshold: int) -> Study:
        """The study at the end of a month, as the registry knows it then; worked out once."""
        known = self.studies.get((month, threshold))
        if known is None:
            known = self.studies[month, threshold] = self._study(month, threshold)
        return known

    def _study(self, month: int, threshold: int) -> Study:
        cutoff = START + timedelta(days=int(month * MONTH))
        as_of = datetime.combine(cutoff, time(23), UTC)
        settings = Settings()
        basis = Basis(cutoff=cutoff, opioid_table=settings.opioid_table)
        context = Context(cutoff, limits(settings))
        rows = {
            who: row for who in sorted(self.versions) if (row := self._row(who, basis, context, as_of, month))
        }
        return Study(
            rows=tuple(rows.values()),
            sites=tuple(site for site, _ in rows),
            queries=((),) * len(rows),
            ledger=(),
            cutoff=cutoff,
            as_of=as_of,
            audience="public",
            threshold=threshold,
            versions=VERSIONS,
            patients=tuple(patient_number(*who) for who in rows),
        )

    def _row(
        self, who: tuple[str, str], basis: Basis, context: Context, as_of: datetime, month: int
    ) -> AnalysisRow | None:
        known = [one for one in self.versions[who] if one.recorded_at <= as_of]
        if not known:
            return None
        row = self.settled.get(who)
        if row is None:
            case = Case.of(known)
            findings = tuple(run(RULES_THAT_ASK, case, context))
            made = analysis_row(case, derive(case, basis), findings, basis)
            row = AnalysisRow.from_json(made)
            if len(known) == len(self.versions[who]) and made["settled_on"] <= basis.cutoff.isoformat():
                self.settled[who] = row
        if self.stops.get(who, month) < month:
            return AnalysisRow(
                **{name: getattr(row, name) for name in row.__slots__} | {"withdrawal": "erase"}
            )
        return row


def published(
    cohort: Cohort,
    threshold: int,
    *,
    over_time: bool = True,
    step: int = 1,
    sections: Container[str] | None = None,
) -> Iterator[Published]:
    """The public reports of all months, each published when enough patients are new.

    over_time  False leaves out the protection against laying reports side by side: the attacker must win then
    step       months from one report to the next, at least
    sections   those the reports have; all when None
    """
    editions: list[Edition] = []
    before: Mapping[int, str] = {}
    for month in range(step, cohort.months + 1, step):
        study = cohort.study(month, threshold)
        enrolled = {
            patient: site
            for patient, site, row in zip(study.patients or (), study.sites, study.rows, strict=True)
            if row.enrolled and row.withdrawal != "erase"
        }
        if not enough_new(before, enrolled, threshold):
            continue
        document = assemble(study, "")
        if sections is not None:
            kept = tuple(section for section in document.sections if section.id in sections)
            document = replace(document, sections=kept)
        judgement = judge(document, threshold, editions if over_time else ())
        editions.append(edition(document, judgement))
        before = enrolled
        quantities = judgement.quantities
        order = judgement.patients
        yield Published(
            month,
            orjson.loads(json_of(told(document, judgement))),
            tuple(_templates(document)),
            {place: number for number, places in quantities.places.items() for place in places},
            tuple(quantities.relations),
            tuple(frozenset(_patients(mark, order)) for mark in judgement.marks),
            tuple(quantities.values),
        )


def _templates(document: Document) -> Iterator[str]:
    for section in document.sections:
        for block in section.blocks:
            yield getattr(block, "text", "")


def _patients(mark: int, order: Sequence[int]) -> Iterator[int]:
    while mark:
        low = mark & -mark
        yield order[low.bit_length() - 1]
        mark ^= low

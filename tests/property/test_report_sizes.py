"""A report can be built for any number of patients, from none on, for both audiences."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from registry.domain.analysis import AnalysisRow, analysis_row
from registry.domain.case import EMPTY, Case
from registry.domain.check import judge
from registry.domain.derive import derive
from registry.domain.disclosure import protect
from registry.domain.outcomes.outcome import Basis
from registry.domain.reading import read_submission
from registry.domain.report.assemble import assemble
from registry.domain.report.document import SiteFlow, Study
from registry.domain.report.sections import SECTIONS
from registry.domain.rules.rule import Context
from registry.domain.simulation import simulate

CUTOFF = date(2026, 6, 1)
NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def study() -> Study:
    """Thirty simulated patients."""
    cases: dict[str, Case] = {}
    sites = {}
    for one in simulate(30, 3, 1, CUTOFF):
        submission, _ = read_submission(one.envelope)
        if submission is None:
            continue
        verdict = judge(cases.get(submission.case, EMPTY), submission, Context(CUTOFF), now=NOW)
        if verdict.accepted:
            cases[submission.case], sites[submission.case] = verdict.case, one.site
    basis = Basis(CUTOFF)
    return Study(
        rows=tuple(
            AnalysisRow.from_json(analysis_row(case, derive(case, basis), (), basis))
            for _, case in sorted(cases.items())
        ),
        sites=tuple(sites[name] for name in sorted(cases)),
        queries=((),) * len(cases),
        ledger=(SiteFlow("SIM01", 0, 0, 0, 0, 0),),
        cutoff=CUTOFF,
        as_of=NOW,
        audience="staff",
        threshold=5,
        versions={},
    )


@pytest.mark.parametrize("audience", ["staff", "public"])
@pytest.mark.parametrize("size", [0, 1, 2, 4, 5, 9, 10, 11, 12, 30])
def test_any_size(study, size, audience):
    small = replace(
        study,
        rows=study.rows[:size],
        sites=study.sites[:size],
        queries=study.queries[:size],
        audience=audience,
        threshold=11 if audience == "public" else 5,
    )

    document = protect(assemble(small, "snapshot"), small.threshold)

    assert [section.id for section in document.sections] == [spec.id for spec in SECTIONS]

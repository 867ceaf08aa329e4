"""The whole simulated cohort before the real rules: every verdict as expected, for the expected reason."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from registry.domain.case import EMPTY, Case
from registry.domain.check import judge
from registry.domain.findings import rejects
from registry.domain.reading import read_submission
from registry.domain.rules.rule import Context
from registry.domain.simulation import SimulatedSubmission, Truth, simulate
from registry.domain.simulation.mistakes import MISTAKES

END = date(2026, 1, 1)
CONTEXT = Context(today=END)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

# A second rule may see the same mistake: with one impossible date no completion of them is in order.
COMPANIONS = {"E01": {"E22"}, "E02": {"E22"}, "E03": {"E22"}, "E05": {"E02", "E22"}}


def verdict(cases: dict[str, Case], submission: SimulatedSubmission) -> set[str]:
    """Ids of the rules that refuse the submission; empty when it is accepted into ``cases``."""
    name = submission.envelope["case"]
    read, findings = read_submission(submission.envelope)
    if read is not None:
        given = judge(cases.get(name, EMPTY), read, CONTEXT, now=NOW)
        assert given.accepted != rejects(list(given.findings))
        if given.accepted:
            cases[name] = given.case
            return set()
        findings = list(given.findings)
    return {finding.rule for finding in findings if finding.severity == "reject"}


def check(submissions) -> Counter[str]:
    """Every verdict against the expected one; refusals by rule."""
    cases: dict[str, Case] = {}
    refused: Counter[str] = Counter()
    for submission in submissions:
        refused_by = verdict(cases, submission)
        if submission.expected == "accepted":
            assert refused_by == set(), submission
            assert submission.why == ""
        else:
            assert submission.why in refused_by, (submission, refused_by)
            assert refused_by <= {submission.why} | COMPANIONS.get(submission.why, set()), submission
            refused[submission.why] += 1
    return refused


def test_the_cohort_of_the_demonstration():
    submissions = list(simulate(60, 5, 1, END))
    refused = check(submissions)
    assert sum(refused.values()) == sum(s.expected == "rejected" for s in submissions) >= 5


def test_the_cohort_of_the_demonstration_played_in_the_order_of_the_calendar():
    assert check(sorted(simulate(60, 5, 1, END), key=lambda s: s.sent))


@pytest.mark.parametrize("seed", [1, 2])
def test_careless_hospitals(seed):
    careless = Truth(
        invalid=0.4, late=0.2, sent_twice=0.1, corrected=0.2, wrong_patient=0.1, withdrawn_per_month=0.05
    )
    refused = check(simulate(60, 5, seed, END, careless))
    assert len(refused) >= 14


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_every_mistake_is_refused_by_its_rule(mistake):
    only = Truth(invalid=1.0, mistakes=(mistake.name,), visit_weeks=(2, 8), then_every_weeks=None)
    refused = check(simulate(30, 2, 3, END, only))
    assert set(refused) == {mistake.rule}
    assert refused[mistake.rule] >= 3


def test_without_mistakes_nothing_is_refused():
    assert check(simulate(60, 5, 1, END, Truth(invalid=0.0))) == {}

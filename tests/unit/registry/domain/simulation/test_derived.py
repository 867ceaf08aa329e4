"""What the registry derives from the records is what was true of the patients."""

from collections import defaultdict
from datetime import date

import pytest

from registry.domain.case import Case
from registry.domain.outcomes import symptom_response
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.survival import OUTCOMES as SURVIVAL
from registry.domain.reading import read_submission
from registry.domain.simulation import Truth, latent, simulate
from registry.domain.simulation.latent import draw_patient
from registry.domain.simulation.site import draw_sites
from registry.domain.statistics.counting import count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.quantiles import median

END = date(2026, 1, 1)
BASIS = Basis(cutoff=date(2025, 12, 31))
CASES, SITES, SEED = 400, 4, 21

# Nothing missing and every date known to the day; corrections, late and repeated messages remain.
CLEAR = Truth(
    missing=0,
    partial_onset=0,
    partial_death=0,
    invalid=0,
    late=0.1,
    sent_twice=0.1,
    corrected=0.1,
    wrong_patient=0.1,
)


def cohort(truth):
    versions = defaultdict(list)
    for submission in simulate(CASES, SITES, SEED, END, truth):
        read, findings = read_submission(submission.envelope)
        if submission.expected == "accepted":
            assert read is not None, findings
            versions[int(submission.envelope["case"][6:]) - 1] += read.versions
    return [Case.of(versions[number]) for number in range(CASES)]


@pytest.fixture(scope="module")
def clear():
    return cohort(CLEAR)


@pytest.fixture(scope="module")
def courses():
    sites = draw_sites(SITES, SEED, CLEAR)
    return [draw_patient(number, sites, SEED, END, CLEAR)[2] for number in range(CASES)]


def survival(case, param="OSONS"):
    [outcome] = [outcome for outcome in SURVIVAL if outcome.id == param]
    [derived] = outcome.derive(case, BASIS)
    return derived


def test_survival_from_onset_is_the_latent_one(clear):
    reported = 0
    for case, true in zip(clear, latent(CASES, SITES, SEED, END, CLEAR), strict=True):
        value = survival(case).value
        assert value["entry_days"] == true.entry
        if value["event"]:
            assert (value["days"], true.event) == (true.exit, 1)
            reported += 1
        else:  # last seen at a visit, or a death that is not reported yet
            assert true.entry <= value["days"] <= true.exit
    assert reported > 150


def test_the_response_is_the_latent_one_by_every_opioid_table(clear, courses):
    judged = responders = 0
    for case, course in zip(clear, courses, strict=True):
        for derived in symptom_response.OUTCOME.derive(case, BASIS):
            parts, value = derived.subject.split("|"), derived.value
            if len(parts) != 3 or parts[2] == "best" or value is None or value["category"] is None:
                continue
            responding = course.responding(course.treatment + value["days_from_start"])
            assert {category in ("CR", "PR") for category in value["by_table"].values() if category} == {
                responding
            }, derived.explanation
            judged += 1
            responders += responding
    assert judged > 600
    assert 150 < responders < judged - 150


def test_a_careless_cohort_still_tells_its_median():
    rows = []
    for case in cohort(Truth(invalid=0)):
        value = survival(case).value
        if value["entry_days"] < value["days"]:
            rows.append((value["entry_days"], int(value["days"]), value["event"]))
    found = median(kaplan_meier(count(rows).tally))
    assert found.lower <= Truth().hazard.median_days <= found.upper

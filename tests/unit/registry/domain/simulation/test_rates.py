"""The shares that the truth states are those that the records show."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from registry.domain.dates import DAYS_PER_MONTH
from registry.domain.literature.published import table_one
from registry.domain.simulation import DEFAULT, Truth, simulate
from registry.domain.simulation.latent import draw_patient
from registry.domain.simulation.primaries import PRIMARIES
from registry.domain.simulation.site import draw_sites

END = date(2026, 1, 1)
EVEN = Truth(site_missing_sd=0, invalid=0, sent_twice=0, late=0)


@pytest.fixture(scope="module")
def messages():
    return list(simulate(3000, 5, 11, END, EVEN))


@pytest.fixture(scope="module")
def baselines(messages):
    return [s.envelope["forms"] for s in messages if s.kind == "baseline"]


@pytest.fixture(scope="module")
def visits(messages):
    return [s.envelope["forms"] for s in messages if s.kind == "visit"]


def share(flags):
    flags = list(flags)
    return sum(flags) / len(flags)


def test_primaries_are_those_of_the_published_table(baselines):
    rows = table_one()
    assert {primary.site for primary in PRIMARIES} == {row.site for row in rows}
    code = {primary.site: primary.topography for primary in PRIMARIES}
    found = Counter(forms["primary_cancer"][0]["topography"]["code"] for forms in baselines)
    for row in rows:
        assert found[code[row.site]] / len(baselines) == pytest.approx(row.cases / 37, abs=0.015)


def test_values_are_missing_at_their_rate_and_with_a_reason(visits):
    scores = [score for forms in visits for score in forms["pain_assessment"]]
    missing = [score for score in scores if score["nrs_worst"] is None]
    assert len(missing) / len(scores) == pytest.approx(DEFAULT.missing, abs=0.005)
    assert all(score["missing"]["nrs_worst"] for score in missing)


def test_onsets_are_partial_at_their_rate(baselines):
    partial = share(len(forms["mps_episode"][0]["mps_onset"]) == 7 for forms in baselines)
    assert partial == pytest.approx(DEFAULT.partial_onset, abs=0.02)


def test_deaths_are_partial_at_their_rate(messages):
    partial = share(
        len(s.envelope["forms"]["death"]["death_date"]) == 7 for s in messages if s.kind == "death"
    )
    assert partial == pytest.approx(DEFAULT.partial_death, abs=0.015)


def test_partial_onsets_are_clarified_at_their_rate():
    truth = Truth(partial_onset=1, invalid=0, sent_twice=0)
    forms = [
        s.envelope["forms"] for s in simulate(2000, 5, 16, END, truth) if "mps_episode" in s.envelope["forms"]
    ]
    # Two months after enrolment the day is found out or stays unknown.
    old = sum("patient" in f and f["patient"]["enrolment_date"] < "2025-11" for f in forms)
    clarified = [f["mps_episode"][0] for f in forms if "patient" not in f]
    assert len(clarified) / old == pytest.approx(DEFAULT.clarified, abs=0.03)
    assert all(len(episode["mps_onset"]) == 10 for episode in clarified)


def test_pain_scores_are_corrected_to_others_at_their_rate(messages, visits):
    typed = defaultdict(list)
    for s in messages:
        for score in s.envelope["forms"].get("pain_assessment", ()):
            place = s.envelope["case"], score["assess_date"], score["site_side"]
            typed[place].append((s.kind, score["nrs_worst"]))
    corrected = [versions for versions in typed.values() if len(versions) > 1]
    assert len(corrected) / len(visits) == pytest.approx(DEFAULT.corrected, abs=0.006)
    for (first, wrong), (second, right) in corrected:
        assert (first, second) == ("visit", "correction")
        assert wrong != right


def test_records_of_another_patient_are_withdrawn_at_their_rate(messages, visits):
    withdrawn = [
        record
        for s in messages
        for record in s.envelope["forms"].get("toxicity", ())
        if record.get("retracted")
    ]
    assert len(withdrawn) / len(visits) == pytest.approx(DEFAULT.wrong_patient, abs=0.003)
    assert all(s.envelope["reason"] for s in messages if s.kind == "correction")


@pytest.mark.parametrize(("kind", "expected"), [("again", 0.1), ("rejected", 0.15), ("late", 0.2)])
def test_messages_go_wrong_on_their_way_at_their_rate(kind, expected):
    truth = Truth(sent_twice=0.1, invalid=0.15, late=0.2)
    drawn = list(simulate(800, 3, 12, END, truth))
    first = [s for s in drawn if s.kind != "again" and s.expected == "accepted"]
    of = {
        "again": sum(s.kind == "again" for s in drawn) / len(first),
        "rejected": sum(s.expected == "rejected" for s in drawn) / len(first),
        # Of the visits that were right at once and early enough for lateness to show.
        "late": sum(s.kind == "late" for s in drawn)
        / ((1 - truth.invalid) * sum(s.kind in ("visit", "late") for s in drawn)),
    }
    assert of[kind] == pytest.approx(expected, rel=0.12)


def test_visits_are_missed_at_their_rate():
    def number(missed):
        truth = Truth(missed_visit=missed, invalid=0, sent_twice=0, then_every_weeks=None)
        return sum(s.kind in ("visit", "late") for s in simulate(1500, 3, 13, END, truth))

    assert number(0.3) / number(0.0) == pytest.approx(0.7, abs=0.03)


@pytest.mark.parametrize("ending", ["lost", "withdrawn"])
def test_attrition_has_its_hazard(ending):
    truth = Truth(lost_per_month=0.03, withdrawn_per_month=0.02)
    sites = draw_sites(3, 14, truth)
    courses = [draw_patient(index, sites, 14, END, truth)[2] for index in range(6000)]
    months = sum(course.exit - course.enrolment for course in courses) / DAYS_PER_MONTH
    rate = sum(course.ending == ending for course in courses) / months
    assert rate == pytest.approx({"lost": 0.03, "withdrawn": 0.02}[ending], rel=0.08)


def test_missing_values_differ_between_sites_when_they_are_said_to():
    truth = Truth(missing=0.1, site_missing_sd=0.8, invalid=0)
    scores = defaultdict(list)
    for s in simulate(3000, 4, 15, END, truth):
        for score in s.envelope["forms"].get("pain_assessment", ()) if s.kind == "visit" else ():
            scores[s.site].append(score["nrs_worst"] is None)
    for site in draw_sites(4, 15, truth).all:
        assert share(scores[site.code]) == pytest.approx(0.1 * site.missing_ratio, rel=0.15)

"""The stream of submissions: repeatable, in order, within its dates, and plainly simulated."""

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from itertools import islice, pairwise

import jsonschema_rs
import pytest

from registry.domain.dictionary_json import json_schema
from registry.domain.simulation import DEFAULT, Truth, latent, simulate

END = date(2026, 1, 1)


def text(submissions):
    return [
        json.dumps([s.site, s.envelope, s.expected, s.why, s.kind, s.sent.isoformat()]) for s in submissions
    ]


@pytest.fixture(scope="module")
def cohort():
    return list(simulate(150, 5, 7, END))


def test_the_same_arguments_give_the_same_bytes(cohort):
    assert text(simulate(150, 5, 7, END)) == text(cohort)


@pytest.mark.parametrize("other", [(150, 5, 8, END), (150, 4, 7, END), (150, 5, 7, date(2026, 1, 2))])
def test_other_arguments_give_others(cohort, other):
    assert text(simulate(*other)) != text(cohort)


def test_a_smaller_cohort_is_the_beginning_of_a_bigger_one(cohort):
    small = text(simulate(40, 5, 7, END))
    assert small == text(cohort)[: len(small)]
    assert len({s.envelope["case"] for s in cohort[: len(small)]}) == 40


def test_a_billion_patients_can_be_begun():
    assert len(list(islice(simulate(10**9, 5, 7, END), 20))) == 20


def test_names_say_that_nobody_is_real(cohort):
    names = {(s.site, s.envelope["case"]) for s in cohort}
    assert {site for site, _ in names} == {"SIM01", "SIM02", "SIM03", "SIM04", "SIM05"}
    assert len(names) == 150
    assert all(case.startswith(f"{site}-") and case[6:].isdigit() for site, case in names)


def test_patient_after_patient_in_the_order_of_the_cohort(cohort):
    numbers = [int(s.envelope["case"][6:]) for s in cohort]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 151))


def test_within_a_patient_sending_never_goes_back(cohort):
    sent = defaultdict(list)
    for s in cohort:
        sent[s.envelope["case"]].append(s.sent)
    assert all(earlier <= later for days in sent.values() for earlier, later in pairwise(days))


def test_everything_is_recorded_once_sent_later_and_before_the_end(cohort):
    times = defaultdict(list)
    for s in cohort:
        recorded = datetime.fromisoformat(s.envelope["recorded_at"])
        assert recorded < datetime(2026, 1, 1, tzinfo=UTC)
        assert recorded.date() <= s.sent < END
        if s.kind != "again":
            times[s.envelope["case"]].append(recorded)
    assert all(len(set(of_case)) == len(of_case) for of_case in times.values())


def test_a_case_begins_with_its_baseline(cohort):
    seen = set()
    for s in cohort:
        if s.envelope["case"] not in seen:
            assert {"patient", "primary_cancer", "mps_episode", "consent"} <= set(s.envelope["forms"])
        seen.add(s.envelope["case"])


def test_every_kind_of_message_occurs():
    busy = Truth(invalid=0.0, late=0.2, sent_twice=0.2, corrected=0.2, withdrawn_per_month=0.05)
    kinds = Counter(s.kind for s in simulate(120, 3, 1, END, busy))
    named = {"baseline", "treatment", "visit", "correction", "death", "loss", "withdrawal", "late", "again"}
    assert set(kinds) == named


def test_late_ones_were_recorded_weeks_before_they_are_sent():
    late = [s for s in simulate(200, 3, 1, END, Truth(late=0.3, sent_twice=0)) if s.kind == "late"]
    gaps = [(s.sent - datetime.fromisoformat(s.envelope["recorded_at"]).date()).days for s in late]
    assert len(gaps) > 200
    assert 20 <= min(gaps) <= max(gaps) < 60


def test_a_repetition_is_the_same_message():
    before = set()
    again = 0
    for s in simulate(100, 3, 1, END, Truth(sent_twice=0.3)):
        message = json.dumps(s.envelope)
        assert (message in before) == (s.kind == "again")
        again += s.kind == "again"
        before.add(message)
    assert again > 100


def test_what_should_be_accepted_fits_the_published_schema(cohort):
    validator = jsonschema_rs.validator_for(json_schema(), validate_formats=True)
    for s in cohort:
        if s.expected == "accepted":
            validator.validate(s.envelope)


def test_records_and_latent_course_belong_to_the_same_patients():
    plain = Truth(partial_onset=0, partial_death=0, invalid=0, missing=0)
    courses = list(latent(100, 5, 7, END, plain))
    told: dict[int, dict[str, str]] = defaultdict(dict)
    for s in simulate(100, 5, 7, END, plain):
        forms, number = s.envelope["forms"], int(s.envelope["case"][6:]) - 1
        assert s.site == courses[number].site
        if "patient" in forms:
            told[number]["enrolment"] = forms["patient"]["enrolment_date"]
            told[number]["onset"] = forms["mps_episode"][0]["mps_onset"]
        if "death" in forms:
            told[number]["death"] = forms["death"]["death_date"]
    for number, course in enumerate(courses):
        onset = date.fromisoformat(told[number]["onset"])
        assert (date.fromisoformat(told[number]["enrolment"]) - onset).days == course.entry
        if "death" in told[number]:
            assert course.event == 1
            assert (date.fromisoformat(told[number]["death"]) - onset).days == course.exit
    assert sum("death" in facts for facts in told.values()) >= 0.9 * sum(course.event for course in courses)


def test_the_default_is_what_is_drawn_when_nothing_is_said():
    assert text(simulate(3, 1, 1, END)) == text(simulate(3, 1, 1, END, DEFAULT))

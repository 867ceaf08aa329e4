"""The latent course: the order of its events, whatever is drawn."""

from collections import Counter
from datetime import date

import pytest

from registry.domain.simulation.latent import draw_patient
from registry.domain.simulation.site import draw_sites
from registry.domain.simulation.truth import DEFAULT, Arm, Truth

END = date(2026, 1, 1)
LAST = END.toordinal() - 1


def courses(truth, n=1500, seed=3):
    sites = draw_sites(5, seed, truth)
    return [draw_patient(index, sites, seed, END, truth)[2] for index in range(n)]


@pytest.fixture(scope="module")
def drawn():
    return courses(DEFAULT)


def test_everybody_is_enrolled_alive_and_seen_for_a_day(drawn):
    for course in drawn:
        assert course.onset <= course.diagnosis <= course.enrolment < course.exit <= LAST


def test_treatment_follows_enrolment_within_two_weeks_on_a_working_day(drawn):
    treated = [course for course in drawn if course.treatment is not None]
    assert len(treated) > 1000
    for course in treated:
        assert 1 <= course.treatment - course.enrolment <= 14
        assert date.fromordinal(course.treatment).weekday() < 5
        assert course.treatment < course.exit


def test_response_follows_treatment_and_is_seen(drawn):
    responders = [course for course in drawn if course.response is not None]
    assert len(responders) > 400
    for course in responders:
        assert course.treatment is not None
        assert course.treatment + 5 <= course.response <= course.exit
        assert course.death is None or course.response < course.death
        assert course.relapse > course.response
        assert course.responding(course.response)
        assert not course.responding(course.response - 1)
        assert not course.responding(course.relapse)


def test_every_ending_occurs_and_only_the_end_is_the_last_day(drawn):
    endings = Counter(course.ending for course in drawn)
    assert set(endings) == {"death", "lost", "withdrawn", "end"}
    assert all(course.exit == LAST for course in drawn if course.ending == "end")
    assert all((course.death is not None) == (course.ending == "death") for course in drawn)


def test_enrolments_are_spread_over_the_recruitment():
    days = [course.enrolment for course in courses(Truth(recruitment_days=100))]
    assert LAST - 100 <= min(days) < LAST - 95
    assert LAST - 5 < max(days) == LAST - 1


def test_without_attrition_or_relapse_there_is_none():
    drawn = courses(Truth(lost_per_month=0, withdrawn_per_month=0, relapse_per_month=0), 500)
    assert {course.ending for course in drawn} == {"death", "end"}
    assert {course.relapse for course in drawn} == {None}


@pytest.mark.parametrize(("probability", "expected"), [(0.0, set()), (1.0, {"sure"})])
def test_response_can_be_never_or_certain(probability, expected):
    truth = Truth(arms=(Arm("sure", 1.0, probability, radiotherapy=True),), lost_per_month=0)
    drawn = [course for course in courses(truth, 300) if course.exit - course.enrolment > 200]
    assert {course.arm.name for course in drawn if course.response is not None} == expected
    assert expected == set() or all(course.response is not None for course in drawn)


def test_arms_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="add up to 1"):
        Truth(arms=(Arm("radiotherapy", 0.6, 0.5, radiotherapy=True),))


@pytest.mark.parametrize("count", [0, 100])
def test_impossible_numbers_of_sites_are_refused(count):
    with pytest.raises(ValueError, match="between 1 and 99"):
        draw_sites(count, 1, DEFAULT)

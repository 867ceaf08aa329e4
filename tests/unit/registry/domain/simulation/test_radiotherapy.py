"""Fractions fall on working days, and what is delivered adds up."""

from datetime import date

import pytest

from registry.domain.simulation.latent import draw_patient
from registry.domain.simulation.person import draw_person
from registry.domain.simulation.radiotherapy import SCHEDULES, fraction_day, give_radiotherapy
from registry.domain.simulation.site import draw_sites
from registry.domain.simulation.truth import DEFAULT

MONDAY = date(2025, 3, 3).toordinal()
END = date(2026, 1, 1)


# Five fractions a week: 16 fractions from a Monday on end on day 21, 25 on day 32.
@pytest.mark.parametrize(("number", "day"), [(1, 0), (5, 4), (6, 7), (10, 11), (16, 21), (25, 32)])
def test_fractions_from_a_monday_on(number, day):
    assert fraction_day(MONDAY, number) == MONDAY + day


@pytest.mark.parametrize("start", range(5))
@pytest.mark.parametrize("number", range(1, 31))
def test_no_fraction_on_a_weekend_and_never_two_a_day(start, number):
    day = fraction_day(MONDAY + start, number)
    assert date.fromordinal(day).weekday() < 5
    assert fraction_day(MONDAY + start, number + 1) - day in (1, 3)


def test_delivered_doses_are_fractions_times_dose_and_end_while_alive():
    sites = draw_sites(3, 4, DEFAULT)
    cut = 0
    for index in range(600):
        chance, _, course = draw_patient(index, sites, 4, END, DEFAULT)
        if course.treatment is None:
            continue
        given = give_radiotherapy(draw_person(chance, DEFAULT, 2024), course, course.treatment, chance)
        record = given.record
        assert (record["planned_dose_gy"], record["planned_fractions"]) in SCHEDULES
        product = record["delivered_fractions"] * record["dose_per_fraction_gy"]
        assert record["delivered_dose_gy"] == pytest.approx(product, abs=0.005)
        assert given.end == fraction_day(given.start, record["delivered_fractions"])
        assert course.ending == "end" or given.end < course.exit
        truncated = record["delivered_fractions"] < record["planned_fractions"]
        assert record["completed"] == ("truncated" if truncated else "yes")
        assert truncated == ("not_completed_reason" in record)
        cut += truncated
    assert 20 < cut < 120

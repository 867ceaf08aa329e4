"""The estimators find the truth that the cohort was drawn from, and the naive ones do not.

Seeds are fixed, so a result never changes; the tolerances are those of the sample sizes.
"""

import math
from datetime import date

import pytest

from registry.domain.dates import DAYS_PER_MONTH
from registry.domain.simulation import DEFAULT, Arm, Truth, latent
from registry.domain.simulation.course import FIRST_RESPONSE_DAY
from registry.domain.simulation.hazard import Hazard
from registry.domain.simulation.site import draw_sites
from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.counting import count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.landmark import landmark
from registry.domain.statistics.log_rank import log_rank
from registry.domain.statistics.quantiles import median

END = date(2026, 1, 1)

# Median 365 days, enrolment 180 days after onset on average.
LATE = Truth(hazard=Hazard.exponential(12), diagnosis_lag_days=100, enrolment_lag_days=80)

# Half of those who live long enough respond, slowly, and live no longer for it.
SLOW_RESPONSE = Truth(
    hazard=Hazard.exponential(8),
    arms=(Arm("radiotherapy", 1.0, 0.5, radiotherapy=True),),
    response_lag_days=60,
    site_response_sd=0,
)
EFFECTIVE = Truth(
    hazard=SLOW_RESPONSE.hazard,
    arms=SLOW_RESPONSE.arms,
    response_lag_days=60,
    site_response_sd=0,
    response_hazard_ratio=0.4,
)


def delayed(people):
    return count((p.entry, p.exit, p.event) for p in people).tally


def naive(people):
    return count((None, p.exit, p.event) for p in people).tally


def from_treatment(people):
    """((None, exit, death), response), days since the start of treatment."""
    return [
        (
            (None, p.exit - p.treatment, p.event),
            None if p.response is None else p.response - p.treatment,
        )
        for p in people
        if p.treatment is not None
    ]


def cohorts(truth, number, size):
    people = list(latent(number * size, 5, 2018, END, truth))
    return [people[i * size : (i + 1) * size] for i in range(number)]


def test_delayed_entry_finds_the_median_that_ignoring_it_overstates():
    people = list(latent(6000, 5, 1, END, LATE))
    found = median(kaplan_meier(delayed(people)))
    assert found.lower <= LATE.hazard.median_days <= found.upper
    assert found.day == pytest.approx(LATE.hazard.median_days, rel=0.06)
    assert median(kaplan_meier(naive(people))).day > 1.4 * LATE.hazard.median_days


def test_piecewise_survival_is_found_at_every_fixed_day():
    curve = kaplan_meier(delayed(latent(12_000, 5, 2, END)).given_alive_at(60))
    for day in (91, 183, 274, 365, 548, 730):
        true = DEFAULT.hazard.survival(day) / DEFAULT.hazard.survival(60)
        assert curve.survival_at(day) == pytest.approx(true, abs=0.015)


def test_intervals_cover_the_truth_at_their_level_and_the_naive_ones_do_not():
    true = LATE.hazard.survival(365) / LATE.hazard.survival(60)
    covered = {delayed: 0, naive: 0}
    for people in cohorts(LATE, 250, 120):
        for tally_of in covered:
            limits = kaplan_meier(tally_of(people).given_alive_at(60)).limits_at(365)
            covered[tally_of] += limits.lower <= true <= limits.upper
    assert 0.92 <= covered[delayed] / 250 <= 0.985
    assert covered[naive] / 250 < 0.4


def test_a_landmark_removes_the_immortal_time_of_responders():
    false_alarms = {"ever against never": 0, "landmark": 0}
    for people in cohorts(SLOW_RESPONSE, 200, 150):
        treated = from_treatment(people)
        ever = count(row for row, response in treated if response is not None).tally
        never = count(row for row, response in treated if response is None).tally
        split = landmark(treated, 60)
        false_alarms["ever against never"] += log_rank([ever, never]).p < 0.05
        false_alarms["landmark"] += log_rank([split.responders, split.non_responders]).p < 0.05
    assert false_alarms["ever against never"] / 200 > 0.4
    assert false_alarms["landmark"] / 200 < 0.09


def test_a_landmark_finds_an_effect_that_is_there():
    split = landmark(from_treatment(latent(4000, 5, 3, END, EFFECTIVE)), 60)
    responders, others = (median(kaplan_meier(t)).day for t in (split.responders, split.non_responders))
    assert responders > 1.5 * others
    assert log_rank([split.responders, split.non_responders]).p < 1e-6


def test_without_an_effect_both_groups_live_as_long_as_stated():
    split = landmark(from_treatment(latent(6000, 5, 3, END, SLOW_RESPONSE)), 60)
    for tally in (split.responders, split.non_responders):  # a constant hazard does not know the landmark
        true = SLOW_RESPONSE.hazard.median_days
        assert median(kaplan_meier(tally)).day == pytest.approx(true, rel=0.08)


def test_the_incidence_of_response_has_death_as_its_competitor():
    rows = [
        (None, response, 1) if response is not None else (None, exit_day, 2 if died else 0)
        for (_, exit_day, died), response in from_treatment(latent(8000, 5, 4, END, SLOW_RESPONSE))
    ]
    tally = count(rows, causes=2).tally
    day, mean = 180, SLOW_RESPONSE.response_lag_days
    true = 0.5 * sum(
        (math.exp(-k / mean) - math.exp(-(k + 1) / mean))
        * SLOW_RESPONSE.hazard.survival(FIRST_RESPONSE_DAY + k)
        for k in range(day - FIRST_RESPONSE_DAY + 1)
    )
    assert aalen_johansen(tally)[0].incidence_at(day) == pytest.approx(true, abs=0.015)
    assert 1 - kaplan_meier(tally.only(1)).survival_at(day) > true + 0.05


@pytest.mark.parametrize("arm", DEFAULT.arms, ids=lambda arm: arm.name)
def test_response_of_each_arm_among_those_who_live_long_enough(arm):
    even = Truth(site_response_sd=0, lost_per_month=0, withdrawn_per_month=0)
    people = [
        p
        for p in latent(12_000, 5, 5, END, even)
        if p.arm == arm.name and p.exit - p.entry > 14 + FIRST_RESPONSE_DAY + 100
    ]
    assert len(people) > 500
    share = sum(p.response is not None for p in people) / len(people)
    assert share == pytest.approx(arm.response, abs=0.03)


def test_arms_have_their_shares():
    people = list(latent(12_000, 5, 6, END))
    for arm in DEFAULT.arms:
        assert sum(p.arm == arm.name for p in people) / 12_000 == pytest.approx(arm.share, abs=0.015)


def test_sites_differ_in_their_hazard_when_they_are_said_to():
    unequal = Truth(hazard=Hazard.exponential(10), site_hazard_sd=0.6)
    people = list(latent(12_000, 3, 1, END, unequal))
    for site in draw_sites(3, 1, unequal).all:
        found = median(kaplan_meier(delayed([p for p in people if p.site == site.code]))).day
        assert found == pytest.approx(10 * DAYS_PER_MONTH / site.hazard_ratio, rel=0.12)

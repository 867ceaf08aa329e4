"""Laws of the estimators over generated data: exact fractions, merging, shuffling, scaling, shifting."""

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from registry.domain.statistics.beta_product import beta_product_curve
from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.counting import Row, count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_rank import log_rank, stratified_log_rank
from registry.domain.statistics.quantiles import median, quantile
from registry.domain.statistics.restricted_mean import restricted_mean
from registry.domain.statistics.stored_tally import stored_rows, tallies_of
from registry.domain.statistics.tally import Tally

SOUND = st.tuples(st.none() | st.integers(0, 12), st.integers(0, 25), st.integers(0, 2)).filter(
    lambda row: row[0] is None or row[0] < row[1]
)
ANY = st.tuples(
    st.none() | st.integers(-2, 30), st.none() | st.integers(-2, 30), st.none() | st.integers(-1, 4)
)
PEOPLE = st.lists(SOUND, min_size=1, max_size=40)
FROM_ORIGIN = st.lists(st.tuples(st.none(), st.integers(0, 25), st.integers(0, 2)), min_size=1, max_size=40)


def law(*strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`given` without a time limit per example: exact fractions are slow on a busy machine."""
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    return lambda test: patient(given(*strategies)(test))


def tally(rows: list[Row]) -> Tally:
    return count(rows, causes=2).tally


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-12, abs=1e-13)


# --- a naive estimator: every person looked at again on every day, in exact fractions ------------------------


class Naive:
    def __init__(self, rows: list[Row]) -> None:
        self.rows = [(-1 if entry is None else entry, day or 0, cause or 0) for entry, day, cause in rows]
        self.days = sorted({day for _, day, _ in self.rows})

    def at_risk(self, day: int) -> int:
        return sum(entry < day <= left for entry, left, _ in self.rows)

    def events(self, day: int, *causes: int) -> int:
        return sum(left == day and cause in causes for _, left, cause in self.rows)

    def hazard(self, day: int, *causes: int) -> Fraction:
        return Fraction(self.events(day, *causes), self.at_risk(day))

    def survival(self, until: int) -> Fraction:
        return math.prod((1 - self.hazard(day, 1, 2) for day in self.days if day <= until), start=Fraction(1))

    def greenwood(self, until: int) -> Fraction:
        terms = [(self.events(day, 1, 2), self.at_risk(day)) for day in self.days if day <= until]
        return sum((Fraction(d, n * (n - d)) for d, n in terms), Fraction(0))

    def incidence(self, cause: int, until: int) -> Fraction:
        terms = [self.survival(day - 1) * self.hazard(day, cause) for day in self.days if day <= until]
        return sum(terms, Fraction(0))

    def incidence_variance(self, cause: int, until: int) -> Fraction:
        """The delta method written out: one multinomial per day, its gradient in closed form."""
        total, end = Fraction(0), self.incidence(cause, until)
        before, incidence = Fraction(1), Fraction(0)
        for day in self.days:
            if day > until:
                break
            q, qk, n = self.hazard(day, 1, 2), self.hazard(day, cause), self.at_risk(day)
            after, incidence = before * (1 - q), incidence + before * qk
            later = (end - incidence) / after if after else Fraction(0)
            mean = (1 - later) * qk - later * (q - qk)
            total += before**2 / n * ((1 - later) ** 2 * qk + later**2 * (q - qk) - mean**2)
            before = after
        return total


@law(PEOPLE)
def test_kaplan_meier_is_the_naive_one(rows: list[Row]) -> None:
    naive = Naive(rows)
    for step in kaplan_meier(tally(rows)).steps:
        survival = naive.survival(step.day)
        assert step.at_risk == naive.at_risk(step.day)
        assert step.survival == near(float(survival))
        if survival:
            assert step.se == near(float(survival) * float(naive.greenwood(step.day)) ** 0.5)
        else:
            assert step.se is None


@law(PEOPLE)
def test_aalen_johansen_is_the_naive_one(rows: list[Row]) -> None:
    naive = Naive(rows)
    for curve in aalen_johansen(tally(rows)):
        for step in curve.steps:
            assert step.incidence == near(float(naive.incidence(curve.cause, step.day)))
            assert step.se**2 == near(float(naive.incidence_variance(curve.cause, step.day)))


@law(PEOPLE)
def test_survival_and_incidences_make_one(rows: list[Row]) -> None:
    free, (first, second) = kaplan_meier(tally(rows)), aalen_johansen(tally(rows))
    for step in free.steps:
        parts = step.survival + first.incidence_at(step.day) + second.incidence_at(step.day)
        assert parts == near(1.0)


@law(PEOPLE, PEOPLE)
def test_log_rank_is_the_naive_one(one: list[Row], other: list[Row]) -> None:
    pooled, first = Naive(one + other), Naive(one)
    expected = variance = Fraction(0)
    for day in pooled.days:
        n, d, here = pooled.at_risk(day), pooled.events(day, 1, 2), first.at_risk(day)
        expected += Fraction(d * here, n)
        if n > 1:
            variance += Fraction(d * (n - d) * here * (n - here), n * n * (n - 1))
    test = log_rank([tally(one), tally(other)])
    assert test.expected[0] == near(float(expected))
    assert test.variance[0][0] == near(float(variance))
    if variance:
        observed = sum(cause > 0 for _, _, cause in first.rows)
        assert test.chi2 == pytest.approx(float((observed - expected) ** 2 / variance), rel=1e-9, abs=1e-12)
    else:
        assert test.chi2 is None


@law(PEOPLE, st.integers(1, 25))
def test_restricted_mean_is_a_sum_over_days(rows: list[Row], tau: int) -> None:
    found = restricted_mean(kaplan_meier(tally(rows)), tau)
    assume(found is not None)
    naive = Naive(rows)
    assert found is not None
    assert found.mean == near(float(sum((naive.survival(day) for day in range(tau)), Fraction(0))))


# --- metamorphic laws -----------------------------------------------------------------------------------------


@law(st.lists(ANY, max_size=40), st.integers(1, 5), st.randoms(use_true_random=False))
def test_order_of_rows_and_of_merging_gives_the_same_bits(
    rows: list[Row], shards: int, rnd: random.Random
) -> None:
    whole = count(rows, causes=2)
    shuffled = rows.copy()
    rnd.shuffle(shuffled)
    parts = [count(shuffled[i::shards], causes=2) for i in range(shards)]
    rnd.shuffle(parts)
    merged = sum(parts[1:], start=parts[0])
    assert merged == whole
    assert Tally.merged([part.tally for part in parts]) == whole.tally
    assert kaplan_meier(merged.tally) == kaplan_meier(whole.tally)
    assert aalen_johansen(merged.tally) == aalen_johansen(whole.tally)
    assert whole.tally.n + whole.n_refused == len(rows)


@law(PEOPLE, st.integers(2, 50))
def test_everybody_many_times_gives_the_same_curve_with_smaller_errors(rows: list[Row], times: int) -> None:
    once, often = tally(rows), Tally.merged([tally(rows)] * times)
    for a, b in zip(kaplan_meier(once).steps, kaplan_meier(often).steps, strict=True):
        assert b.survival == near(a.survival)
        assert (b.se is None) == (a.se is None)
        assert (b.se or 0.0) * times**0.5 == near(a.se or 0.0)
    for one, other in zip(aalen_johansen(once), aalen_johansen(often), strict=True):
        for c, d in zip(one.steps, other.steps, strict=True):
            assert d.incidence == near(c.incidence)
            assert d.se**2 * times == pytest.approx(c.se**2, rel=1e-9, abs=1e-12)
    for level in (0.75, 0.5, 0.25):
        assert quantile(kaplan_meier(often), level).day == quantile(kaplan_meier(once), level).day


@law(PEOPLE, st.integers(1, 10))
def test_a_longer_day_stretches_days_and_nothing_else(rows: list[Row], factor: int) -> None:
    stretched = [
        (None if entry is None else entry * factor, (day or 0) * factor, cause) for entry, day, cause in rows
    ]
    before, after = kaplan_meier(tally(rows)), kaplan_meier(tally(stretched))
    assert [step.survival for step in after.steps] == [step.survival for step in before.steps]
    assert [step.day for step in after.steps] == [factor * step.day for step in before.steps]
    old = median(before).day
    assert median(after).day == (None if old is None else factor * old)


@law(PEOPLE, st.integers(1, 20))
def test_conditional_survival_is_a_ratio(rows: list[Row], start: int) -> None:
    whole, later = kaplan_meier(tally(rows)), kaplan_meier(tally(rows).given_alive_at(start))
    assume(whole.survival_at(start) > 0)
    for step in later.steps:
        assert step.survival * whole.survival_at(start) == near(whole.survival_at(step.day))


@law(PEOPLE)
def test_limits_hold_the_estimate(rows: list[Row]) -> None:
    for step in kaplan_meier(tally(rows)).steps:
        if step.limits.lower is not None and step.limits.upper is not None:
            assert 0 <= step.limits.lower <= step.survival <= step.limits.upper <= 1
    for curve in aalen_johansen(tally(rows)):
        for at in curve.steps:
            if at.limits.lower is not None and at.limits.upper is not None:
                assert 0 <= at.limits.lower <= at.incidence <= at.limits.upper <= 1


@law(FROM_ORIGIN)
def test_beta_product_limits_always_exist_and_hold_the_estimate(rows: list[Row]) -> None:
    curve = beta_product_curve(tally(rows))
    before = curve.first
    for step in curve.steps:
        assert step.limits.lower is not None
        assert step.limits.upper is not None
        assert 0 <= step.limits.lower <= step.survival <= step.limits.upper <= 1
        assert step.limits.lower <= (before.lower or 0.0)
        before = step.limits


@law(PEOPLE)
def test_quantile_is_where_the_curve_crosses(rows: list[Row]) -> None:
    curve = kaplan_meier(tally(rows))
    for level in (0.75, 0.5, 0.25):
        found = quantile(curve, level)
        if found.day is None:
            assert all(step.survival > level for step in curve.steps)
        else:
            assert curve.survival_at(int(found.day)) <= level + 1e-7
            assert found.lower is None or found.lower <= found.day
            assert found.upper is None or found.upper >= int(found.day)


@law(PEOPLE, PEOPLE, PEOPLE)
def test_log_rank_of_groups_in_any_order(a: list[Row], b: list[Row], c: list[Row]) -> None:
    first, other = log_rank([tally(a), tally(b), tally(c)]), log_rank([tally(c), tally(a), tally(b)])
    assert sum(first.expected) == near(float(sum(first.observed)))
    if first.chi2 is not None and other.chi2 is not None:
        assert other.chi2 == pytest.approx(first.chi2, rel=1e-6, abs=1e-9)
    strata = stratified_log_rank([[tally(a), tally(b)], [tally(c), tally(a)]])
    single = [log_rank([tally(a), tally(b)]), log_rank([tally(c), tally(a)])]
    assert strata.variance[0][0] == near(sum(test.variance[0][0] for test in single))


@law(PEOPLE, PEOPLE)
def test_storing_a_tally_loses_nothing(a: list[Row], b: list[Row]) -> None:
    groups = {"a": tally(a), "b": tally(b)}
    assert tallies_of(stored_rows(groups)) == groups

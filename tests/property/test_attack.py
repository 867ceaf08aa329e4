"""An attacker reads some months of public reports and recovers no number below the threshold.

The short form: one small registry, and of its reports the sections that suffice for him. ``make attack`` does it over a
thousand months of registries of several sizes, with whole reports.
"""

from itertools import islice

import pytest

from tests.attack.attacker import attack
from tests.attack.months import Cohort, published

K = 5
REPORTS = 4
SECTIONS = ("key-figures", "flow", "baseline", "treatments", "response-strata", "incidence", "survival")


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return Cohort(patients=120, sites=3, months=24, seed=4)


def recovered(cohort: Cohort, *, over_time: bool) -> set[str]:
    """What he is right about, as the public and as each hospital."""
    reports = list(islice(published(cohort, K, over_time=over_time, step=2, sections=SECTIONS), REPORTS))
    assert len(reports) == REPORTS
    readers = [frozenset[int](), *cohort.hospitals()]
    return {claim.how for own in readers for claim in attack(reports, K, own) if claim.right}


def test_nothing_small_follows_from_reports_laid_side_by_side(cohort: Cohort) -> None:
    assert recovered(cohort, over_time=True) == set()


def test_the_attacker_wins_where_reports_are_not_protected_beside_each_other(cohort: Cohort) -> None:
    assert recovered(cohort, over_time=False) >= {"public: difference", "hospital: difference"}

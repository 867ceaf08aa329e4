"""An attacker reads some months of public reports and recovers no number below the threshold.

The short form; ``make attack`` does it over a thousand months of registries of several sizes.
"""

from itertools import islice

import pytest

from tests.attack.attacker import attack
from tests.attack.months import Cohort, published

K = 5
REPORTS = 4


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return Cohort(patients=120, sites=3, months=24, seed=2)


def recovered(cohort: Cohort, *, over_time: bool) -> list[str]:
    """What he is right about, as the public and as each hospital."""
    reports = list(islice(published(cohort, K, over_time=over_time), REPORTS))
    assert len(reports) == REPORTS
    readers = [frozenset[int](), *cohort.hospitals()]
    return [f"{claim}" for own in readers for claim in attack(reports, K, own) if claim.right]


def test_nothing_small_follows_from_reports_laid_side_by_side(cohort: Cohort) -> None:
    assert recovered(cohort, over_time=True) == []


def test_the_attacker_wins_where_reports_are_not_protected_beside_each_other(cohort: Cohort) -> None:
    assert recovered(cohort, over_time=False)

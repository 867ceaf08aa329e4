"""When a public report may follow another: enough patients must be new, whoever's patients a reader knows."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

P = TypeVar("P", bound=Hashable)


def fewest_new(before: Mapping[P, str], now: Mapping[P, str]) -> int:
    """The least number of new patients that any reader sees: all of them, or those of the other hospitals.

    before, now  the site of each patient of the report that is in force, and of the one that is to follow

    A hospital that has all the new patients learns nothing of others.
    """
    new = Counter(site for patient, site in now.items() if patient not in before)
    total = sum(new.values())
    seen = [total, *(total - own for own in new.values() if total > own)]
    return min(seen)


def enough_new(before: Mapping[P, str], now: Mapping[P, str], threshold: int) -> bool:
    """Whether the new patients are enough; the first report needs no more than that many patients."""
    return fewest_new(before, now) >= threshold

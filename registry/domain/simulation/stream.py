"""One stream of random numbers per patient, so that patient i is the same however many are drawn.

Only ``random()`` is used of the standard generator: its sequence for a given seed is the one that Python
promises to keep (documentation of the module ``random``); its other methods may change from release to
release.
"""

import hashlib
import math
from collections.abc import Sequence
from random import Random
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")


class Stream(Random):
    """Random numbers with the few distributions the simulation needs."""

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.random() < probability

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1, each equally likely."""
        return int(self.random() * n)

    def one_of(self, values: Sequence[T]) -> T:
        """One of the values, each equally likely."""
        return values[int(self.random() * len(values))]

    def wait(self, mean: float) -> float:
        """An exponential waiting time with this mean; 0 for mean 0, never for an infinite one."""
        return -mean * math.log(1.0 - self.random()) if mean < math.inf else math.inf

    def normal(self) -> float:
        """A standard normal deviate."""
        return NormalDist().inv_cdf(min(max(self.random(), 1e-12), 1 - 1e-12))


def stream(seed: int, subject: str) -> Stream:
    """The stream of one subject (``case 17``, ``site 3``) under a seed."""
    digest = hashlib.blake2b(f"{seed}|{subject}".encode(), digest_size=8).digest()
    return Stream(int.from_bytes(digest, "big"))

"""Who gives what to a figure that is no count: known again when the report is built from later data.

A median, a mean or a survival estimate changes with a single patient. Each patient's contribution is a number of 64 bits
made from who he is and what he gives; equal contributions are equal numbers, in every report. Disclosure control counts
how many differ.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from registry.domain.report.people import People

MOST = 20_000
"""From more patients than this a figure is told in so few digits that a few patients do not show in it."""

Numbers = NDArray[np.uint64]


def patient_number(site: str, case: str) -> int:
    """The number of a patient that stays his: 64 bits of a hash of site and pseudonym."""
    return int.from_bytes(hashlib.sha256(f"{site}\x1f{case}".encode()).digest()[:8], "little")


def contributions(people: People, *values: NDArray[np.generic]) -> bytes | None:
    """The sorted contributions of patients to a figure; None where nothing will be hidden, or for very many.

    values  (n,) each: what the patients give, days or figures
    """
    patients = people.study.patients
    if people.study.audience != "public" or len(people) > MOST:
        return None
    numbers = (
        people.places.astype(np.uint64)
        if patients is None
        else np.asarray(patients, np.uint64)[people.places]
    )
    for value in values:
        numbers = _mixed(numbers ^ _mixed(value.astype(np.float64).view(np.uint64)))
    return np.unique(numbers).astype("<u8").tobytes()


def figures(told: Sequence[float | None], codes: NDArray[np.integer]) -> NDArray[np.float64]:
    """What patients answered as numbers (n,): NaN where there is none."""
    known = np.array([np.nan if one is None else one for one in told], dtype=np.float64)
    found: NDArray[np.float64] = known[codes]
    return found


def _mixed(numbers: Numbers) -> Numbers:
    """A one-to-one scramble of 64 bits (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    found = numbers + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))

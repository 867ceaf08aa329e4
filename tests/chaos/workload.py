"""What is sent: a simulated cohort with corrections, repeats and mistakes, in deliveries that follow from a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

import orjson

from registry.domain.reading import read_submission
from registry.domain.simulation.simulate import simulate

END = date(2026, 1, 1)
SITES = 4


@dataclass(frozen=True, slots=True)
class Letter:
    """One submission as a hospital sends it."""

    site: str
    case: str
    body: bytes
    readable: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """Letters of one hospital that go in one request: one alone as it is, several as a batch."""

    key: str
    site: str
    letters: tuple[Letter, ...]
    twice: bool

    @property
    def single(self) -> bool:
        """Whether it goes as a single submission."""
        return len(self.letters) == 1 and self.letters[0].readable


def letters(count: int, seed: int) -> list[Letter]:
    """So many submissions, patient after patient, each patient's in the order in which they are sent."""
    found = (
        Letter(
            one.site,
            one.envelope["case"],
            orjson.dumps(one.envelope),
            read_submission(orjson.loads(orjson.dumps(one.envelope)))[0] is not None,
        )
        for one in simulate(count, SITES, seed, END)
    )
    return list(islice(found, count))


def lanes(found: list[Letter], seed: int, each: int) -> Iterator[list[Delivery]]:
    """The deliveries of ``each`` senders of every site; what is about one case goes through one of them, in order."""
    for site in sorted({one.site for one in found}):
        of_site = [one for one in found if one.site == site]
        cases = sorted({one.case for one in of_site})
        for lane in range(each):
            mine = set(cases[lane::each])
            chance = random.Random(f"{seed}-{site}-{lane}")
            yield list(_packed([one for one in of_site if one.case in mine], f"{site}-{lane}", chance))


def _packed(found: list[Letter], name: str, chance: random.Random) -> Iterator[Delivery]:
    start = 0
    while start < len(found):
        size = 1 if chance.random() < 0.8 else chance.randint(2, 150)
        part = tuple(found[start : start + size])
        yield Delivery(f"{name}-{start}", part[0].site, part, chance.random() < 0.03)
        start += size

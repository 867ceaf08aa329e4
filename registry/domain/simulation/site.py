"""The simulated hospitals: where they are, how big, and how they differ."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from registry.domain.simulation.stream import Stream, stream
from registry.domain.simulation.truth import Truth

# Time zones east of Greenwich only, so that what is recorded on a day there is not yet tomorrow in UTC.
PLACES = (("JP", "+09:00"), ("JP", "+09:00"), ("GB", "+00:00"), ("AU", "+10:00"), ("DE", "+01:00"))


@dataclass(frozen=True, slots=True)
class Site:
    """A simulated hospital.

    weight          its share of the patients, relative to other sites
    hazard_ratio    its hazard of death divided by the stated one
    response_logit  added to the log odds of response
    missing_ratio   its share of missing values divided by the stated one
    reporting_days  mean time from an event to its recording
    """

    code: str
    country: str
    zone: str
    weight: float
    hazard_ratio: float
    response_logit: float
    missing_ratio: float
    reporting_days: float


@dataclass(frozen=True, slots=True)
class Sites:
    """All simulated hospitals; bigger ones first."""

    all: tuple[Site, ...]
    cumulative: tuple[float, ...]

    def draw(self, chance: Stream) -> Site:
        """The hospital of one patient."""
        return self.all[bisect_right(self.cumulative, chance.random() * self.cumulative[-1])]


def draw_sites(count: int, seed: int, truth: Truth) -> Sites:
    """``SIM01`` to ``SIMnn``; site k is the same however many there are.

    Raises ValueError below 1 or above 99.
    """
    if not 1 <= count <= 99:
        raise ValueError(f"between 1 and 99 sites can be simulated, not {count}")
    sites = tuple(_site(k, seed, truth) for k in range(count))
    return Sites(sites, tuple(accumulate(site.weight for site in sites)))


def _site(k: int, seed: int, truth: Truth) -> Site:
    chance = stream(seed, f"site {k}")
    country, zone = PLACES[k % len(PLACES)]
    return Site(
        code=f"SIM{k + 1:02}",
        country=country,
        zone=zone,
        weight=(k + 1) ** -0.5,
        hazard_ratio=math.exp(truth.site_hazard_sd * chance.normal()),
        response_logit=truth.site_response_sd * chance.normal(),
        missing_ratio=math.exp(truth.site_missing_sd * chance.normal()),
        reporting_days=truth.reporting_days * math.exp(truth.site_reporting_sd * chance.normal()),
    )

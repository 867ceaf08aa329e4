"""Biologically effective dose of a radiotherapy course by the linear-quadratic model.

    BED  = D (1 + d / (alpha/beta))
    EQD2 = BED / (1 + 2 / (alpha/beta))

Fowler, Br J Radiol 1989;62:679-94. D is the total dose and d the dose per fraction, in Gy. No time factor:
nothing is taken off for repopulation or for recovery between courses. Alpha/beta is 10 Gy for tumour, 3 Gy
for late-reacting tissue, 2 Gy for spinal cord and plexus (customary values, from memory: check before the
statistical analysis plan is frozen).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALPHA_BETA_GY: tuple[float, ...] = (10.0, 3.0, 2.0)
"""Tumour, late-reacting tissue, nervous tissue."""

LARGE_FRACTION_GY = 8.0
LQ_UNCERTAIN = "lq_uncertain"
"""Flag: linear-quadratic model uncertain above about 8-10 Gy per fraction."""

OVERLAPS = ("adjacent", "partial", "full", "unknown")
"""What may be known about two fields whose doses can have added up somewhere; ``none`` never adds up."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course to one target: total dose in Gy and the number of equal fractions it was given in.

    Raises ValueError for a negative dose, and for a dose without fractions or fractions without dose.
    """

    dose_gy: float
    fractions: int

    def __post_init__(self) -> None:
        if self.dose_gy < 0 or self.fractions < 0 or (self.dose_gy > 0) != (self.fractions > 0):
            raise ValueError(f"{self.dose_gy} Gy in {self.fractions} fractions is not a course")

    @property
    def dose_per_fraction_gy(self) -> float:
        return self.dose_gy / self.fractions if self.fractions else 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """BED and EQD2 in Gy by alpha/beta in Gy, and flags."""

    bed_gy: Mapping[float, float]
    eqd2_gy: Mapping[float, float]
    flags: tuple[str, ...] = ()


def bed(course: Course, alpha_beta_gy: float) -> float:
    """Biologically effective dose in Gy. Raises ValueError unless alpha/beta is positive."""
    if not alpha_beta_gy > 0:
        raise ValueError(f"alpha/beta is a positive number of Gy, not {alpha_beta_gy!r}")
    return course.dose_gy * (1 + course.dose_per_fraction_gy / alpha_beta_gy)


def eqd2(course: Course, alpha_beta_gy: float) -> float:
    """Dose in Gy of 2 Gy fractions with the same effect. Raises ValueError unless alpha/beta is positive."""
    return bed(course, alpha_beta_gy) / (1 + 2 / alpha_beta_gy)


def effect(course: Course) -> Effect:
    """BED and EQD2 of one course to one target for every alpha/beta in use."""
    return Effect(
        {ratio: bed(course, ratio) for ratio in ALPHA_BETA_GY},
        {ratio: eqd2(course, ratio) for ratio in ALPHA_BETA_GY},
        _flags([course]),
    )


def cumulative_max(courses: Sequence[Course], overlap: str) -> Effect | None:
    """Upper bound of the effect where the fields of several courses met: as if they had overlapped fully.

    ``overlap`` is what is known (one of ``OVERLAPS``) and must be printed beside the figure; for ``none``
    there is no such place, so no sum. No recovery between courses is assumed. Courses to different targets
    that do not overlap are never added: 46 Gy to the pelvis and 20 Gy to the groins are not 66 Gy anywhere.

    Raises ValueError for any other word.
    """
    if overlap == "none":
        return None
    if overlap not in OVERLAPS:
        raise ValueError(f"overlap is none, {', '.join(OVERLAPS)}, not {overlap!r}")
    return Effect(
        {ratio: sum(bed(course, ratio) for course in courses) for ratio in ALPHA_BETA_GY},
        {ratio: sum(eqd2(course, ratio) for course in courses) for ratio in ALPHA_BETA_GY},
        _flags(courses),
    )


def _flags(courses: Sequence[Course]) -> tuple[str, ...]:
    # The margin lets 3 x 8 Gy given as 24.000000000000004 pass.
    large = any(course.dose_per_fraction_gy > LARGE_FRACTION_GY + 1e-9 for course in courses)
    return (LQ_UNCERTAIN,) if large else ()

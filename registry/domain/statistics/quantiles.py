"""Median and quartiles of a survival curve, with limits.

The estimate is the first day with S < p. Where S is flat at p (within 1.5e-8, R's tolerance, so that 1/2 reached by
another product still counts as 1/2) it is the midpoint of the flat; a flat that never ends runs to the last day of
the curve. The limits invert the curve's own limits (Brookmeyer & Crowley, Biometrics 1982;38:29, on the scale of
the curve): lower = first day with the lower limit <= p, upper = first day from which the upper limit stays below p.
Both are defined also where limits are not monotone, as with late entry.

Not reached is None, never the last day.
"""

from typing import NamedTuple

from registry.domain.statistics.kaplan_meier import Curve

TOLERANCE = 1.5e-8
"""Square root of the machine epsilon, rounded: R's tolerance for a curve flat at the level."""


class Quantile(NamedTuple):
    """A day with its limits; None where not reached."""

    day: float | None
    lower: int | None
    upper: int | None


def quantile(curve: Curve, level: float = 0.5) -> Quantile:
    """The day on which S falls below `level`: 0.75 for the first quartile, 0.5 for the median."""
    if not 0 < level < 1:
        raise ValueError(f"no quantile at level {level}")
    return Quantile(_estimate(curve, level), _lower(curve, level), _upper(curve, level))


def median(curve: Curve) -> Quantile:
    """The day by which half have had the event."""
    return quantile(curve, 0.5)


def quartiles(curve: Curve) -> tuple[Quantile, Quantile, Quantile]:
    """The days by which a quarter, half and three quarters have had the event."""
    return quantile(curve, 0.75), quantile(curve, 0.5), quantile(curve, 0.25)


def _estimate(curve: Curve, level: float) -> float | None:
    reached = next((step for step in curve.steps if step.survival < level + TOLERANCE), None)
    if reached is None:
        return None
    if reached.survival <= level - TOLERANCE:
        return float(reached.day)
    end = next((step for step in curve.steps if step.survival <= level - TOLERANCE), curve.steps[-1])
    return (reached.day + end.day) / 2


def _lower(curve: Curve, level: float) -> int | None:
    days = [(curve.start, curve.first.lower)] + [(step.day, step.limits.lower) for step in curve.steps]
    return next((day for day, lower in days if lower is not None and lower <= level), None)


def _upper(curve: Curve, level: float) -> int | None:
    days = [(step.day, step.limits.upper) for step in curve.steps if step.limits.upper is not None]
    below: int | None = None
    for day, upper in reversed(days):
        if upper is None or upper >= level:
            break
        below = day
    return below

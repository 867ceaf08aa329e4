"""Units at the boundary: from what is sent to the unit of the variable, by a factor or not at all."""

from registry.domain.codes.units import normalise_unit

MOST_EXACT = 2.0**53
"""Whole numbers below this are exact as a double, and fit wherever JSON is read."""

_FACTORS = {
    ("cGy", "Gy"): 0.01,
    ("mGy", "Gy"): 0.001,
    ("m", "cm"): 100.0,
    ("mm", "cm"): 0.1,
    ("[in_i]", "cm"): 2.54,
    ("cm", "mm"): 10.0,
    ("g", "kg"): 0.001,
    ("[lb_av]", "kg"): 0.45359237,
    ("mg/dL", "mg/L"): 10.0,
    ("wk", "d"): 7.0,
}
"""Value in the second unit of one in the first (UCUM)."""


def factor(sent: str, wanted: str) -> float | None:
    """What a value in the unit sent is multiplied with; None when it cannot be the unit wanted."""
    unit = normalise_unit(sent) or sent
    return 1.0 if unit == wanted else _FACTORS.get((unit, wanted))


def convert(value: float, by: float) -> float | int:
    """The product without the last digits that binary fractions add: 2000 cGy are 20 Gy."""
    if by == 1:
        return value
    return plain_number(float(f"{value * by:.12g}"))


def plain_number(value: float) -> float | int:
    """The number without a fraction where it has none; what no double holds exactly stays as it is."""
    return int(value) if abs(value) < MOST_EXACT and value == int(value) else value

"""Check digits of LOINC and SNOMED CT: a mistyped code is found without the terminology."""

from collections.abc import Callable

# Verhoeff's tables are the multiplication of the dihedral group D5 and powers of one permutation.
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def luhn(digits: str) -> bool:
    """Whether a string of digits, check digit last, holds by Luhn's modulo 10 (LOINC, hyphen removed)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return total % 10 == 0


def verhoeff(digits: str) -> bool:
    """Whether a string of digits, check digit last, holds by Verhoeff's dihedral check (SNOMED CT)."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place % 8):
            value = _PERMUTATION[value]
        check = _dihedral(check, value)
    return check == 0


def _dihedral(one: int, other: int) -> int:
    """Product of two symmetries of the pentagon: 0-4 are rotations, 5-9 reflections."""
    turned = one - other if one >= 5 else one + other
    return turned % 5 + (5 if (one >= 5) != (other >= 5) else 0)


CHECKS: dict[str, Callable[[str], bool]] = {"luhn": luhn, "verhoeff": verhoeff}

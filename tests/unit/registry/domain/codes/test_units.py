"""Units as hospitals write them."""

import pytest

from registry.domain.codes.lists import code_list
from registry.domain.codes.units import check_unit, normalise_unit


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("mcg", "ug"),
        ("µg", "ug"),  # micro sign
        ("μg", "ug"),  # Greek letter
        ("microgram", "ug"),
        ("mcg/hr", "ug/h"),
        ("μg/h", "ug/h"),
        ("mg/day", "mg/d"),
        ("hr", "h"),
        ("IU", "[iU]"),
        ("rad", "cGy"),
        (" mg ", "mg"),
        ("Gy", "Gy"),
        ("10*9/L", "10*9/L"),
    ],
)
def test_spellings(written: str, code: str) -> None:
    assert normalise_unit(written) == code
    assert check_unit(written) is None


@pytest.mark.parametrize("written", ["Mg", "Mg/d", "Mg/day"])
def test_megagram_is_refused_as_implausible(written: str) -> None:
    assert normalise_unit(written) is None
    assert "megagram" in (check_unit(written) or "")


@pytest.mark.parametrize("written", ["", "furlong", "MG", "mg%", "%s", "{}"])
def test_unknown_units(written: str) -> None:
    assert normalise_unit(written) is None
    assert "is not a unit this registry takes" in (check_unit(written) or "")


def test_a_unit_must_fit_its_variable() -> None:
    assert check_unit("mcg/hr", allowed=["ug/h", "mg/d"]) is None
    assert check_unit("Gy", allowed=["ug/h", "mg/d"]) == (
        "'Gy' does not fit this variable: send the value in ug/h, mg/d."
    )
    assert check_unit("furlong", allowed=["mm", "cm"]) == (
        "'furlong' is not a unit this registry takes: send one of mm, cm."
    )


def test_no_spelling_means_two_units() -> None:
    units = code_list("ucum").entries.values()
    spellings = [alias for unit in units for alias in unit["aliases"].split("|") if alias]
    assert len(spellings) == len(set(spellings))
    assert all(normalise_unit(unit.code) == unit.code for unit in units if not unit["refuse"])
    assert all(spelling == spelling.casefold() for spelling in spellings)

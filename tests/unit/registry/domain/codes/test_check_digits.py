"""Check digits against published codes, and every single slip."""

import pytest

from registry.domain.codes.check_digits import luhn, verhoeff


@pytest.mark.parametrize("code", ["725143", "892471", "892430", "219089", "975094", "21600"])
def test_loinc_codes_hold(code: str) -> None:
    assert luhn(code)
    assert not luhn(code[:-1] + str((int(code[-1]) + 1) % 10))


@pytest.mark.parametrize("code", ["68455001", "64038003", "1217123003", "7771000", "73211009", "2363"])
def test_verhoeff_codes_hold(code: str) -> None:
    assert verhoeff(code)


def test_verhoeff_finds_every_single_slip_and_every_swap_of_neighbours() -> None:
    code = "1156530009"
    for place in range(len(code)):
        for digit in "0123456789":
            slipped = code[:place] + digit + code[place + 1 :]
            assert verhoeff(slipped) is (slipped == code)
        swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
        assert verhoeff(swapped) is (swapped == code)

"""Units at the boundary: converted by a known factor, or not at all."""

import pytest

from registry.formats.units import convert, factor, plain_number


@pytest.mark.parametrize(
    ("sent", "wanted", "value", "found"),
    [
        ("cGy", "Gy", 2000, 20),
        ("rad", "Gy", 2250, 22.5),
        ("Gy", "Gy", 22.5, 22.5),
        ("mGy", "Gy", 300, 0.3),
        ("m", "cm", 1.62, 162),
        ("mg/dL", "mg/L", 0.7, 7),
    ],
)
def test_a_value_is_converted_without_dust(sent, wanted, value, found):
    assert convert(value, factor(sent, wanted)) == found


@pytest.mark.parametrize(
    ("sent", "wanted"), [("mg", "Gy"), ("", "Gy"), ("Mg", "mg"), ("mcg", "Gy"), ("Gy", "")]
)
def test_what_is_another_quantity_is_not(sent, wanted):
    assert factor(sent, wanted) is None


@pytest.mark.parametrize(
    ("value", "found"), [(20.0, 20), (22.5, 22.5), (1e30, 1e30), (float("inf"), float("inf"))]
)
def test_a_number_is_whole_only_where_it_is_exact(value, found):
    made = plain_number(value)
    assert (made, type(made)) == (found, type(found))

"""Names are spread so that they do not touch, and stay as near as may be."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.render.figures.beside import spread


def test_names_that_are_far_apart_stay_where_they_are() -> None:
    assert spread([0.2, 0.9, 0.5], 0.1, 0, 1) == [0.2, 0.9, 0.5]


def test_names_in_one_place_are_parted() -> None:
    assert spread([0.5, 0.5], 0.25, 0, 1) == [0.5, 0.75]
    assert spread([1.0, 1.0], 0.25, 0, 1) == [0.75, 1.0]
    assert spread([0.0, 0.0], 0.25, 0.125, 1) == [0.125, 0.375]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_the_gap_is_kept_the_order_too_and_nothing_leaves_the_axes(wanted: list[float]) -> None:
    places = spread(wanted, 0.2, 0.0, 1.0)
    assert all(above - below >= 0.2 - 1e-9 for below, above in pairwise(sorted(places)))
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    assert [places[index] for index in order] == sorted(places)

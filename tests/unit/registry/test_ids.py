"""Ids sort in the order of their making; a case's number shows a slip of the pen."""

import time
import uuid

import pytest

from registry.errors import NotFound
from registry.ids import as_uuid, new_id, number_of, registry_id


def test_new_ids_are_of_version_7_and_all_different():
    made = [new_id() for _ in range(2_000)]
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {uuid.RFC_4122}
    assert len(set(made)) == len(made)


def test_new_ids_carry_the_time_and_sort_by_it():
    """One takes longer to make than the 4096th of a millisecond it counts in."""
    made = [new_id() for _ in range(2_000)]
    assert sorted(made) == made
    assert abs((made[0].int >> 80) - time.time() * 1000) < 5_000


@pytest.mark.parametrize(
    "text", ["", "x", "0" * 31, "../../etc", "\0", "6f9619ff-8b86-d011-b42d-00cf4fc964fg"]
)
def test_a_text_that_is_no_id_is_an_id_that_does_not_exist(text):
    with pytest.raises(NotFound):
        as_uuid(text)


def test_an_id_is_read_as_it_was_written():
    made = new_id()
    assert as_uuid(str(made)) == as_uuid(made.hex.upper()) == made


@pytest.mark.parametrize(
    ("number", "written"),
    [  # 7992739871-3 is the example of ISO/IEC 7812-1, annex B
        (7992739871, "KND-7992739871-3"),
        (0, "KND-000000-0"),
        (1, "KND-000001-8"),
        (123456, "KND-123456-6"),
    ],
)
def test_check_digit(number, written):
    assert registry_id("KND", number) == written
    assert number_of(written) == number


def test_one_wrong_digit_is_noticed():
    written = registry_id("KND", 274_913)
    wrong = [
        written[:place] + digit + written[place + 1 :]
        for place, old in enumerate(written)
        for digit in "0123456789"
        if old.isdigit() and digit != old
    ]
    assert len(wrong) == 7 * 9
    assert {number_of(one) for one in wrong} == {None}


def test_neighbours_that_changed_places_are_noticed_but_for_0_and_9():
    """The weakness of the Luhn digit that ISO/IEC 7812-1 accepts."""
    for a in range(10):
        for b in range(10):
            swapped = f"KND-0000{b}{a}-{registry_id('KND', a * 10 + b)[-1]}"
            assert (number_of(swapped) is None) == (a != b and {a, b} != {0, 9})


@pytest.mark.parametrize(
    "text", ["", "KND", "KND-0001", "KND-١٢٣-٤", "KND--1", "KND-1" * 20, f"A-{'9' * 19}-1"]
)
def test_a_text_that_is_no_registry_id_has_no_number(text):
    assert number_of(text) is None

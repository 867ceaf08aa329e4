"""Colours can be read: contrast as WCAG 2.2 computes it, on a light and on a dark page."""

import pytest

from registry.render.figures.palette import (
    BLUE,
    DARK,
    GREY,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    STROKES,
    TONES,
    fill,
    stroke,
)  # fmt: skip

TEXT_LEAST = 4.5


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", [INK, MUTED, GREY, BLUE, ORANGE])
def test_text_and_lines_on_paper(colour: str) -> None:
    assert contrast(colour, PAPER) >= TEXT_LEAST
    assert contrast(DARK[colour], DARK[PAPER]) >= TEXT_LEAST


@pytest.mark.parametrize("place", range(len(TONES)))
def test_text_on_fillings(place: int) -> None:
    look = fill(place)
    assert contrast(look.text, look.colour) >= TEXT_LEAST
    assert contrast(DARK[look.text], DARK[look.colour]) >= TEXT_LEAST


def test_no_two_groups_differ_by_colour_alone() -> None:
    assert len({look.dashes for look in STROKES}) == len(STROKES) == 4


def test_a_fifth_group_and_a_seventh_category_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 4 groups"):
        stroke(4)
    with pytest.raises(ValueError, match="at most 6 categories"):
        fill(6)

"""Survival curves stop where too few are at risk, and say what they rest on."""

from collections.abc import Mapping
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D

from registry.render.figures.survival import draw
from tests.factories_report import SURVIVAL

GROUP: Mapping[str, Any] = {
    "name": "All",
    "label": "median 40 days",
    "steps": [[0, 1.0, None, None], [20, 0.8, 0.6, 0.9], [40, 0.5, 0.3, 0.7], [90, 0.2, 0.05, 0.5]],
    "censored": [30, 70],
    "solid_until": 60,
    "last_day": 120,
    "at_risk": [10, 3],
    "events": [0, 7],
    "censored_so_far": [0, None],
}


def data(*groups: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {**SURVIVAL, "unit": "days", "horizon": 150, "ticks": [0, 100], "groups": groups, **changes}


def axes_of(given: Mapping[str, Any]) -> Axes:
    return draw(given).axes[0]


def path(line: Line2D) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in line.get_xydata()]


def words(given: Mapping[str, Any]) -> list[str]:
    return [text.get_text() for text in draw(given).axes[0].texts]


def notes(given: Mapping[str, Any]) -> str:
    """What is set at the foot of the sheet, from top to bottom."""
    lines = sorted(draw(given).texts, key=lambda text: -text.get_position()[1])
    return " ".join(text.get_text() for text in lines)


def test_solid_as_long_as_enough_are_at_risk_then_dotted_to_the_last_day() -> None:
    solid, tail, _ = axes_of(data(GROUP)).lines
    assert path(solid) == [(0, 1.0), (20, 0.8), (40, 0.5), (60, 0.5)]
    assert path(tail) == [(60, 0.5), (90, 0.2), (120, 0.2)]
    assert solid.get_drawstyle() == tail.get_drawstyle() == "steps-post"
    assert solid.get_linestyle() == "-"
    assert tail.is_dashed()
    assert tail.get_linewidth() < solid.get_linewidth()


def test_the_band_ends_with_the_solid_line() -> None:
    [band] = [found for found in axes_of(data(GROUP)).collections if isinstance(found, PolyCollection)]
    corners = band.get_paths()[0].vertices
    assert (corners[:, 0].min(), corners[:, 0].max()) == (0, 60)
    assert (corners[:, 1].min(), corners[:, 1].max()) == (0.3, 1.0)


def test_nobody_with_enough_at_risk_is_all_dotted() -> None:
    axes = axes_of(data({**GROUP, "solid_until": None}))
    assert path(axes.lines[0])[0] == (0, 1.0)
    assert path(axes.lines[0])[-1] == (120, 0.2)
    assert not axes.collections


def test_censoring_ticks_stand_on_the_curve() -> None:
    ticks = axes_of(data(GROUP)).lines[2]
    ends = [point for point in path(ticks) if point[0] == point[0]]
    assert [day for day, _ in ends] == [30, 30, 70, 70]
    assert ends[0][1] < 0.8 < ends[1][1]
    assert ends[2][1] < 0.5 < ends[3][1]


def test_thousands_of_ticks_are_left_out_and_the_figure_says_so() -> None:
    many = data({**GROUP, "censored": list(range(500))})
    assert len(axes_of(many).lines) == 2
    assert "Too many are censored" in notes(many)


def test_the_axes_are_not_cut() -> None:
    axes = axes_of(data(GROUP))
    assert axes.get_ylim() == (0, 1)
    assert axes.get_xlim() == (0, 150)


def test_the_second_group_is_dashed_as_well_as_coloured() -> None:
    first, _, _, second, _, _ = axes_of(data(GROUP, {**GROUP, "name": "Others"})).lines
    assert not first.is_dashed()
    assert second.is_dashed()
    assert first.get_color() != second.get_color()


def test_numbers_stand_below_and_hidden_ones_are_dashes() -> None:
    said = words(data(GROUP))
    for name in ("At risk", "Censored", "Events", "10", "3", "7", "–"):
        assert name in said


def test_a_line_of_hidden_numbers_is_left_out() -> None:
    said = words(data({**GROUP, "events": [None, None], "censored_so_far": [None, None]}))
    assert "At risk" in said
    assert "Events" not in said
    assert "Censored" not in said


def test_the_notes_say_what_is_in_the_picture() -> None:
    said = notes(data(GROUP, delayed_entry=True, few_at_risk=5))
    assert "Dotted: fewer than 5 at risk; each death moves the curve by more than 20 %." in said
    assert "the numbers at risk may rise" in said
    plain = notes(data({**GROUP, "last_day": 60, "censored": []}, delayed_entry=False))
    assert "Dotted" not in plain
    assert "may rise" not in plain
    assert "ticks" not in plain


def test_a_group_too_small_for_a_curve_has_its_name_and_numbers() -> None:
    small = {
        **GROUP,
        "name": "Few",
        "label": "n = 4",
        "steps": [],
        "censored": [],
        "solid_until": None,
        "last_day": 90,
    }
    given = data(small)
    assert not axes_of(given).lines
    assert "Few\nn = 4" in words(given)
    assert "At risk" in words(given)


def test_with_three_groups_the_bands_give_way() -> None:
    given = data(GROUP, GROUP, GROUP)
    assert not axes_of(given).collections
    assert "intervals are left out" in notes(given)


def test_five_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 4 groups"):
        draw(data(*[GROUP] * 5))


def test_numbers_must_fit_the_marks() -> None:
    with pytest.raises(ValueError, match="At risk: 1 numbers for 2 marks"):
        draw(data({**GROUP, "at_risk": [10]}))


def test_an_unknown_unit_of_time_is_refused() -> None:
    with pytest.raises(ValueError, match="unit of time 'moons'"):
        draw(data(GROUP, unit="moons"))


def test_months_are_whole_at_their_marks() -> None:
    axes = axes_of({**SURVIVAL, "groups": [SURVIVAL["groups"][0]]})
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "3", "6", "9", "12", "15", "18"]
    assert axes.get_xlabel() == "Months since onset of MPS"

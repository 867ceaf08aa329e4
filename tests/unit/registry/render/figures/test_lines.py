"""Lines over time: gaps stay gaps, and the numbers observed stand below."""

import math
from typing import Any

from matplotlib.axes import Axes

from registry.render.figures.lines import draw
from tests.factories_report import FIGURE_DATA

DATA: dict[str, Any] = FIGURE_DATA["lines"]


def group(**changes: Any) -> dict[str, Any]:
    one = {"name": "Mean", "values": [7.0, None, 4.0, 3.0, None], **changes}
    return {**DATA, "each": [], "groups": [one]}


def axes_of(data: dict[str, Any]) -> Axes:
    return draw(data).axes[0]


def test_a_gap_is_not_bridged() -> None:
    [line] = axes_of(group()).lines
    values = [float(value) for value in line.get_ydata()]
    assert values[0] == 7.0
    assert math.isnan(values[1])
    assert math.isnan(values[4])


def test_intervals_are_drawn_where_both_ends_are_known() -> None:
    lines = axes_of(group(lo=[6.0, None, 3.0, None, None], hi=[8.0, None, 5.0, 4.0, None])).lines
    assert [list(line.get_ydata()) for line in lines[:-1]] == [[6.0, 8.0], [3.0, 5.0]]


def test_the_name_is_tied_to_the_last_known_value() -> None:
    [name] = [text for text in axes_of(group()).texts if text.get_text() == "Mean"]
    assert name.xy == (91, 3.0)


def test_a_group_of_which_nothing_is_shown_has_no_name() -> None:
    assert "Mean" not in {text.get_text() for text in axes_of(group(values=[None] * 5)).texts}


def test_numbers_below_and_the_whole_scale() -> None:
    axes = axes_of(DATA)
    assert axes.get_ylim() == (0, 10)
    said = [text.get_text() for text in axes.texts]
    for words in ("Observed", "60", "Died", "41", "Missing"):
        assert words in said


def test_single_patients_are_drawn_only_where_given() -> None:
    public = {name: value for name, value in DATA.items() if name != "each"}
    assert len(axes_of(DATA).lines) - len(axes_of(public).lines) == len(DATA["each"])

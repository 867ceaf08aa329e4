"""The flow: every box and reason is there, hidden counts are dashes, boxes do not cover each other."""

from itertools import combinations, pairwise
from typing import Any

import pytest
from matplotlib.patches import Rectangle

from registry.render.figures.flow import draw
from tests.factories_report import FIGURE_DATA

DATA: dict[str, Any] = FIGURE_DATA["flow"]
MANY_REASONS = {"label": "All", "n": 13, "out": [{"label": f"reason {n}", "n": 1} for n in range(12)]}


def boxes(data: dict[str, Any]) -> list[tuple[float, float, float, float]]:
    """Left, foot, right, top of each box in inches."""
    found = [patch for patch in draw(data).axes[0].patches if isinstance(patch, Rectangle)]
    return [(b.get_x(), b.get_y(), b.get_x() + b.get_width(), b.get_y() + b.get_height()) for b in found]


def words(data: dict[str, Any]) -> list[str]:
    return [text.get_text() for text in draw(data).axes[0].texts if text.get_text()]


def test_every_step_part_and_reason_is_written() -> None:
    said = words(DATA)
    for line in (
        "Cases received from 7 sites",
        "n = 71",
        "Not enrolled",
        "6  psoas metastasis only",
        "Certainty of diagnosis",
        "definite",
        "n = 41",
        "14  died before",
    ):
        assert line in said
    # 4 steps, 2 boxes of those who leave, 2 rows of 3 parts.
    assert len(boxes(DATA)) == 12


def test_a_hidden_count_is_a_dash() -> None:
    said = words(
        {
            "steps": [
                {"label": "All", "n": None, "out": [{"label": "gone", "n": None}]},
                {"label": "Rest", "n": 3},
            ]
        }
    )
    assert said.count("n = –") == 1
    assert "–  gone" in said


@pytest.mark.parametrize("data", [DATA, {"steps": [MANY_REASONS, {"label": "Rest", "n": 1}]}])
def test_boxes_do_not_touch_and_stay_on_the_sheet(data: dict[str, Any]) -> None:
    drawn = boxes(data)
    height = draw(data).get_figheight()
    for one, other in combinations(drawn, 2):
        apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert apart, (one, other)
    assert all(left >= 0 and right <= 7 and foot >= 0 and top <= height for left, foot, right, top in drawn)


def test_those_who_leave_stand_between_the_steps() -> None:
    _, leaving, rest = boxes({"steps": [MANY_REASONS, {"label": "Rest", "n": 1}]})
    assert leaving[1] > rest[3]


def test_steps_go_down() -> None:
    main = [
        top for left, _, _, top in boxes({"steps": [{"label": str(n), "n": n} for n in range(4)]}) if left < 1
    ]
    assert all(above > below for above, below in pairwise(main))

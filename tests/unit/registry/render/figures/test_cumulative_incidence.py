"""The areas are everyone: they start at the axis, lie on each other and end at 100 %."""

import itertools
from typing import Any

import pytest
from matplotlib.collections import PolyCollection

from registry.render.figures.cumulative_incidence import draw
from tests.factories_report import FIGURE_DATA

DATA: dict[str, Any] = FIGURE_DATA["cumulative_incidence"]


def areas(data: dict[str, Any]) -> list[tuple[float, float]]:
    """Lower and upper edge of each area on the last day drawn."""
    found = []
    for area in draw(data).axes[0].collections:
        assert isinstance(area, PolyCollection)
        corners = area.get_paths()[0].vertices
        last = corners[corners[:, 0] == corners[:, 0].max()]
        found.append((float(last[:, 1].min()), float(last[:, 1].max())))
    return found


def test_the_areas_stack_to_one() -> None:
    edges = areas(DATA)
    assert edges[0][0] == 0
    assert edges[-1][1] == 1
    for (_, top), (floor, _) in itertools.pairwise(edges):
        assert top == pytest.approx(floor)
    assert [high - low for low, high in edges] == pytest.approx([0.48, 0.29, 0.06, 0.17])


def test_nothing_is_drawn_beyond_the_last_day_with_enough_at_risk() -> None:
    early = {**DATA, "until": 50}
    axes = draw(early).axes[0]
    areas_drawn = [area for area in axes.collections if isinstance(area, PolyCollection)]
    assert max(area.get_paths()[0].vertices[:, 0].max() for area in areas_drawn) == 50
    assert [high - low for low, high in areas(early)] == pytest.approx([0.4, 0.13, 0.02, 0.45])


def test_every_area_is_named_beside_it() -> None:
    names = [text.get_text() for text in draw(DATA).axes[0].texts]
    for name in (
        "Response\n48 %",
        "Died without response\n29 %",
        "Treated again first\n6 %",
        "None of these\n17 %",
    ):
        assert name in names


def test_no_day_to_draw_and_too_many_causes_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw({**DATA, "days": [7], "until": 3})
    with pytest.raises(ValueError, match="at most 4 causes"):
        draw({**DATA, "causes": [DATA["causes"][0]] * 5})

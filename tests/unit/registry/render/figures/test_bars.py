"""Bars: shares of all patients with counts on them; what is hidden is one piece."""

from typing import Any

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from registry.render.figures.bars import draw
from registry.render.figures.palette import TONES

DATA: dict[str, Any] = {
    "layout": "stacked",
    "measure": "Patients",
    "categories": ["yes", "no", "unknown"],
    "bars": [{"label": "Month 1", "n": 20, "counts": [10, 6, 4]}],
}


def widths(data: dict[str, Any]) -> list[float]:
    return [patch.get_width() for patch in draw(data).axes[0].patches if isinstance(patch, Rectangle)]


def words(data: dict[str, Any]) -> list[str]:
    axes = draw(data).axes[0]
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in (*axes.texts, *legend.get_texts())]


def bar(**changes: Any) -> dict[str, Any]:
    return {**DATA, "bars": [{**DATA["bars"][0], **changes}]}


def test_pieces_are_shares_of_all_and_carry_their_counts() -> None:
    assert widths(DATA) == pytest.approx([0.5, 0.3, 0.2])
    assert words(DATA) == ["n = 20", "10", "6", "4", "yes", "no", "unknown"]


def test_a_category_with_nobody_has_no_piece() -> None:
    assert widths(bar(counts=[20, 0, 0])) == [1.0]


def test_what_is_hidden_is_one_piece_without_a_count() -> None:
    hidden = bar(counts=[10, None, None])
    assert widths(hidden) == pytest.approx([0.5, 0.5])
    assert words(hidden) == ["n = 20", "10", "yes", "no", "unknown", "hidden to protect patients"]


def test_of_a_hidden_total_nothing_is_drawn() -> None:
    hidden = bar(n=None, counts=[None] * 3)
    assert widths(hidden) == []
    assert words(hidden) == ["n = –", "yes", "no", "unknown"]


def test_a_bar_of_nobody_is_empty() -> None:
    assert widths(bar(n=0, counts=[0, 0, 0])) == []


def test_grouped_bars_are_counts() -> None:
    grouped = {**DATA, "layout": "grouped", "bars": [{"label": "A", "n": 9, "counts": [9, None, 0]}]}
    assert widths(grouped) == [9]
    assert words(grouped)[:3] == ["9", "–", "0"]


def test_other_layouts_are_refused() -> None:
    with pytest.raises(ValueError, match="layout 'pie'"):
        draw({**DATA, "layout": "pie"})


def test_categories_take_the_tones_they_ask_for() -> None:
    """Whoever did not respond is not drawn as the second best."""

    def colours(data: dict[str, Any]) -> list[str]:
        return [to_hex(patch.get_facecolor()) for patch in draw(data).axes[0].patches]

    assert colours(DATA) == [TONES[tone].colour for tone in ("best", "good", "neither")]
    asked = ["best", "bad", "unknown"]
    assert colours({**DATA, "tones": asked}) == [TONES[tone].colour for tone in asked]


def test_every_category_needs_its_count_and_its_tone() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw(bar(counts=[10, 10]))
    with pytest.raises(ValueError, match="zip"):
        draw({**DATA, "tones": ["best"]})

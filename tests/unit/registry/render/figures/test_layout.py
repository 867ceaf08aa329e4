"""Nothing falls off a sheet, and no two texts cover each other."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import matplotlib.style
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from registry.render.figures import FIGURES, drawer
from registry.render.figures.svg import SETTINGS
from tests.factories_report import FIGURE_DATA, SURVIVAL, a_curve

FOUR = [
    a_curve(name, 30, 0.08 + 0.01 * seed, label=f"n = {30 + seed}", seed=seed)
    for seed, name in enumerate(("Female genital tract", "Gastrointestinal tract", "Urinary tract", "Others"))
]
CASES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    **{kind: (kind, FIGURE_DATA[kind]) for kind in FIGURES},
    "four groups": ("survival", {**SURVIVAL, "groups": FOUR}),
    "ends together": ("survival", {**SURVIVAL, "groups": [FOUR[0], FOUR[0], FOUR[0]]}),
    "long names": (
        "survival",
        {
            **SURVIVAL,
            "groups": [
                {**FOUR[0], "name": "Alive on day 30 of all", "label": "median 9.2 (7.5–10.6) months"}
            ],
        },
    ),
    "sites in one place": (
        "funnel",
        {
            **FIGURE_DATA["funnel"],
            "share": 0.98,
            "limits": [
                {"name": "95 %", "points": [[1, 0, 1], [24, 0.9, 0.995]]},
                {"name": "99.8 %", "points": [[1, 0, 1], [24, 0.88, 1]]},
            ],
            "sites": [{"label": f"SIM{n:02}", "n": 12 + n % 3, "count": 5 + n % 2} for n in range(20)],
        },
    ),
    "large numbers": (
        "survival",
        {**SURVIVAL, "groups": [{**FOUR[0], "at_risk": [1_234_567] * 7, "events": [123_456] * 7}]},
    ),
    "flow of long words": (
        "flow",
        {
            "steps": [
                {
                    "label": "Patients whose malignant psoas syndrome was recognised at one of the sites",
                    "n": 1_234_567,
                    "out": [
                        {"label": "left out for a reason that takes many words to explain " * 2, "n": 12}
                    ],
                },
                {
                    "label": "Analysed",
                    "n": 3,
                    "parts": [
                        {
                            "label": f"a part with a long name, number {part}",
                            "n": part,
                            "reasons": [{"label": "r", "n": 1}],
                        }
                        for part in range(7)
                    ],
                },
            ]
        },
    ),
}


def texts(kind: str, data: Mapping[str, Any]) -> tuple[Bbox, list[tuple[str, Bbox]]]:
    """The sheet, and every text on it with its box."""
    with matplotlib.style.context(dict(SETTINGS), after_reset=True):
        drawing = drawer(kind)(data)
        canvas = FigureCanvasAgg(drawing)
        canvas.draw()
        renderer = canvas.get_renderer()
        found = [text for text in drawing.findobj(Text) if isinstance(text, Text)]
        boxes = [(text.get_text(), text) for text in found if text.get_text().strip() and text.get_visible()]
        # The box of the words alone: that of an annotation has its arrow in it.
        return drawing.bbox, [(words, Text.get_window_extent(text, renderer)) for words, text in boxes]


@pytest.mark.parametrize("case", sorted(CASES))
def test_all_text_is_on_the_sheet(case: str) -> None:
    sheet, found = texts(*CASES[case])
    assert len(found) > 5
    for words, box in found:
        assert box.x0 >= sheet.x0 - 0.5, words
        assert box.x1 <= sheet.x1 + 0.5, words
        assert box.y0 >= sheet.y0 - 0.5, words
        assert box.y1 <= sheet.y1 + 0.5, words


@pytest.mark.parametrize("case", sorted(CASES))
def test_no_text_covers_another(case: str) -> None:
    _, found = texts(*CASES[case])
    for (one, first), (other, second) in combinations(found, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        along = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert across < 1 or along < 2, (one, other)

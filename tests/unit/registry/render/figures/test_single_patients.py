"""Waterfall and swimmer: one bar or line for every patient, none lost."""

from typing import Any

import pytest
from matplotlib.patches import Rectangle

from registry.render.figures import swimmer, waterfall
from tests.factories_report import FIGURE_DATA

BARS: dict[str, Any] = FIGURE_DATA["waterfall"]
COURSES: dict[str, Any] = FIGURE_DATA["swimmer"]


def test_every_patient_has_a_bar_in_its_place() -> None:
    axes = waterfall.draw(BARS).axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    heights = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in bars}
    assert [heights[place] for place in range(len(BARS["bars"]))] == [bar["value"] for bar in BARS["bars"]]


def test_a_patient_without_change_is_not_lost() -> None:
    axes = waterfall.draw(BARS).axes[0]
    [marks] = [line for line in axes.lines if line.get_marker() == "d"]
    assert list(marks.get_xdata()) == [i for i, bar in enumerate(BARS["bars"]) if bar["value"] == 0]


def test_of_many_patients_the_colours_are_seen_and_not_the_edges() -> None:
    axes = waterfall.draw({**BARS, "bars": BARS["bars"] * 10}).axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(bars) == 10 * len(BARS["bars"])
    assert all(bar.get_edgecolor() == bar.get_facecolor() and bar.get_width() == 1 for bar in bars)


def test_thresholds_are_named_and_the_scale_is_whole() -> None:
    axes = waterfall.draw(BARS).axes[0]
    assert "2 points better" in {text.get_text() for text in axes.texts}
    assert axes.get_ylim() == (-10, 10)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["−10", "−5", "0", "+5", "+10"]
    assert axes.get_xlabel() == "Patients, n = 24, each one bar"


def test_nobody_is_an_empty_waterfall() -> None:
    assert waterfall.draw({**BARS, "bars": []}).axes[0].get_xlabel() == "Patients, n = 0, each one bar"


def test_each_course_runs_from_its_start_to_its_end() -> None:
    axes = swimmer.draw(COURSES).axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    for patient in COURSES["patients"]:
        course = (patient["start"], patient["end"] - patient["start"])
        assert course in {(bar.get_x(), bar.get_width()) for bar in bars}


def test_deaths_and_last_contacts_have_different_ends() -> None:
    axes = swimmer.draw(COURSES).axes[0]
    ends = {
        float(line.get_xdata()[0]): line.get_marker()
        for line in axes.lines
        if line.get_marker() in ("x", ">")
    }
    assert ends == {patient["end"]: "x" if patient["died"] else ">" for patient in COURSES["patients"]}


def test_the_key_names_everything() -> None:
    legend = swimmer.draw(COURSES).axes[0].get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == {
        "radiotherapy", "systemic therapy", "response", "progression", "died", "alive at last contact",
    }  # fmt: skip


def test_too_many_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 4 kinds"):
        swimmer.draw({**COURSES, "spans": list("abcde")})

"""The funnel: sites at their share and number, one's own told apart by shape as well as colour."""

from typing import Any

from registry.render.figures.funnel import draw
from tests.factories_report import FIGURE_DATA

DATA: dict[str, Any] = FIGURE_DATA["funnel"]


def test_each_site_stands_at_its_number_and_share() -> None:
    axes = draw(DATA).axes[0]
    points = [line for line in axes.lines if line.get_marker() in ("o", "D")]
    assert [(float(p.get_xdata()[0]), float(p.get_ydata()[0])) for p in points] == [
        (14, 0.5),
        (11, 4 / 11),
        (9, 5 / 9),
        (18, 3 / 18),
        (6, 4 / 6),
    ]
    assert [p.get_marker() for p in points] == ["o", "o", "D", "o", "o"]


def test_limits_are_drawn_as_given_and_named() -> None:
    axes = draw(DATA).axes[0]
    limits = [line for line in axes.lines if line.is_dashed()]
    assert len(limits) == 4
    lowest = [point[1] for point in DATA["limits"][0]["points"]]
    assert any(list(line.get_ydata()) == lowest for line in limits)
    assert {"95 %", "99.8 %", "all sites"} <= {text.get_text() for text in axes.texts}


def test_a_hidden_overall_share_leaves_out_its_line() -> None:
    assert "all sites" not in {text.get_text() for text in draw({**DATA, "share": None}).axes[0].texts}


def test_a_site_without_patients_has_no_share() -> None:
    empty = {**DATA, "sites": [{"label": "Z", "n": 0, "count": 0}]}
    assert "Z" not in {text.get_text() for text in draw(empty).axes[0].texts}


def test_the_axis_of_shares_is_not_cut() -> None:
    assert draw(DATA).axes[0].get_ylim() == (0, 1)


def test_no_site_at_all_is_an_empty_funnel() -> None:
    assert draw({**DATA, "sites": [], "limits": []}).axes[0].get_xlim() == (0, 1)


def test_ones_own_site_is_named_even_where_there_is_no_room_for_all() -> None:
    crowd = [{"label": f"SIM{n:02}", "n": 12, "count": 5} for n in range(20)]
    names = {
        text.get_text()
        for text in draw({**DATA, "sites": [*crowd, {"label": "yours", "n": 12, "count": 5, "own": True}]})
        .axes[0]
        .texts
    }
    assert "yours" in names
    assert len(names & {site["label"] for site in crowd}) < len(crowd)


def test_every_site_that_stands_alone_is_named() -> None:
    names = {text.get_text() for text in draw(DATA).axes[0].texts}
    assert {site["label"] for site in DATA["sites"]} <= names

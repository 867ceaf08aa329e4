from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.domain.disclosure import protect
from registry.domain.report.document import (
    Audience,
    Block,
    Cell,
    Document,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
)


def document(*blocks: Block, audience: Audience = "public") -> Document:
    return Document(
        "A report",
        1,
        audience,
        date(2026, 1, 1),
        datetime(2026, 1, 2, tzinfo=UTC),
        "f" * 64,
        {},
        (Section("s", "S", blocks),),
    )


def table(*counts: int, totals: Any = (), **rest: Any) -> Table:
    return Table(
        "t",
        "Counts.",
        "",
        ("n",),
        tuple(Row(str(n), (Cell(str(n), count=n),)) for n in counts),
        totals=totals,
        **rest,
    )


def blocks(made: Document) -> Any:
    return made.sections[0].blocks


def texts(made: Table) -> list[str]:
    return [cell.text for row in made.rows for cell in row.cells]


def test_small_counts_are_hidden_and_zero_is_told() -> None:
    (made,) = blocks(protect(document(table(0, 4, 5)), 5))
    assert texts(made) == ["0", "suppressed", "5"]


def test_staff_see_everything() -> None:
    (made,) = blocks(protect(document(table(0, 1, 2), audience="staff"), 11))
    assert texts(made) == ["0", "1", "2"]


def test_nothing_is_left_in_a_hidden_cell() -> None:
    cell = Cell("2/40 = 5 %", count=2, of=40, value=0.05, lo=0.01, hi=0.17, method="m", who=7, of_who=9)
    (made,) = blocks(protect(document(Table("t", "", "", ("n",), (Row("x", (cell,)),))), 5))
    hidden = made.rows[0].cells[0]
    assert hidden == Cell("suppressed", suppressed=hidden.suppressed)
    assert hidden.suppressed


def test_a_share_that_leaves_few_out_is_hidden() -> None:
    cell = Cell("38 (95 %)", count=38, of=40)
    (made,) = blocks(protect(document(Table("t", "", "", ("n",), (Row("x", (cell,)),))), 5))
    assert texts(made) == ["suppressed"]


def test_a_median_of_few_patients_is_hidden() -> None:
    cell = Cell("63 (55–71)", of=4, value=63)
    (made,) = blocks(protect(document(Table("t", "", "", ("n",), (Row("x", (cell,)),))), 5))
    assert texts(made) == ["suppressed"]


def test_an_estimate_stays_when_only_its_number_of_patients_is_hidden() -> None:
    few, most = Cell("3", count=3, who=1), Cell("40", count=40, who=5)
    median = Cell("7.1", value=216, of=37, of_who=4)
    rows = tuple(Row("", (cell,)) for cell in (most, few, median, most))
    sums = Paragraph(
        "{all} {share}", cells={"all": most, "share": Cell("3 (8 %)", count=3, of=40, who=1, of_who=5)}
    )
    made = blocks(protect(document(Table("t", "", "", ("n",), rows), sums), 5))
    assert texts(made[0]) == ["40", "suppressed", "7.1", "40"]
    assert made[0].rows[2].cells[0].of is None


def test_the_same_patients_are_hidden_in_every_place() -> None:
    few, many = Cell("3", count=3, who=11), Cell("20", count=20, who=12)
    rest, total = Cell("17", count=17, who=13), Cell("40", count=40, who=36)
    sums = Table(
        "t",
        "",
        "",
        ("n",),
        tuple(Row("", (c,)) for c in (total, few, many, rest)),
        totals=(((0, 0), (1, 0), (2, 0), (3, 0)),),
    )
    said = Paragraph("{few} and {rest} patients of {all}", cells={"few": few, "rest": rest, "all": total})
    picture = Figure(
        "f",
        "flow",
        "Flow",
        {"steps": [{"n": few}, {"n": many}, {"n": rest}, {"n": many}]},
        "{rest} left",
        cells={"rest": rest, **{f"many{n}": many for n in range(3)}, **{f"all{n}": total for n in range(5)}},
    )
    made = blocks(protect(document(said, sums, picture), 5))
    assert made[0].text == "[suppressed] and [suppressed] patients of 40"
    assert texts(made[1]) == ["40", "suppressed", "20", "suppressed"]
    assert made[2].data == {"steps": [{"n": None}, {"n": 20}, {"n": None}, {"n": 20}]}
    assert made[2].alt == "[suppressed] left"


def test_texts_are_filled_and_marks_are_gone() -> None:
    cell = Cell("17", count=17, who=3)
    made = blocks(
        protect(
            document(
                Paragraph("{n} patients", cells={"n": cell}),
                table(20, cells={"n": cell}, notes=("{n} known",)),
            ),
            5,
        )
    )
    assert made[0] == Paragraph("17 patients")
    assert made[1].notes == ("17 known",)
    assert "who=3" not in repr(replace(made[1], cells={}))


def test_braces_in_a_text_without_cells_are_just_braces() -> None:
    assert blocks(protect(document(Paragraph("{x}")), 5)) == (Paragraph("{x}"),)


@pytest.mark.parametrize("figure", [{"kind": "swimmer"}, {"kind": "lines", "staff_only": True}])
def test_pictures_of_single_patients_are_for_staff(figure: dict[str, Any]) -> None:
    picture = Figure(id="f", caption="", data={}, alt="x", **figure)
    assert blocks(protect(document(picture), 5)) == ()
    assert blocks(protect(document(picture, audience="staff"), 5)) == (picture,)


def test_groups_that_differ_by_a_few_are_not_told_apart() -> None:
    inner, outer = Cell("37", count=37, who=2**37 - 1), Cell("40", count=40, who=2**40 - 1)
    stranger = Cell("38", count=38, who=(2**38 - 1) << 40)
    rows = tuple(Row("", (cell,)) for cell in (outer, outer, inner, stranger))
    (made,) = blocks(protect(document(Table("t", "", "", ("n",), rows)), 5))
    assert texts(made) == ["40", "40", "suppressed", "38"]


def test_those_left_over_by_two_shares_are_not_told_apart_by_a_few() -> None:
    """40 of 53 and 26 of 37 of them: 13 and 11 are left, 2 of whom are not among the 37."""
    everyone, some = (1 << 53) - 1, (1 << 26) - 1
    definite = some | (1 << 51) - (1 << 40)
    cells = (
        Cell("40/53", count=40, of=53, who=(1 << 40) - 1, of_who=everyone),
        Cell("26/37", count=26, of=37, who=some, of_who=definite),
    )
    made = Table("t", "Shares.", "", ("n",), tuple(Row(cell.text, (cell,)) for cell in cells))
    (shown,) = blocks(protect(document(made), 5))
    assert "suppressed" in texts(shown)


def test_a_total_that_is_none_is_a_mistake_of_the_section() -> None:
    with pytest.raises(ValueError, match="declared a total"):
        protect(document(table(9, 4, 4, totals=(((0, 0), (1, 0), (2, 0)),))), 5)


def test_one_mark_with_two_numbers_is_a_mistake_of_the_section() -> None:
    cells = tuple(Row("", (Cell(str(n), count=n, who=8),)) for n in (20, 21))
    with pytest.raises(ValueError, match="same patients"):
        protect(document(Table("t", "", "", ("n",), cells)), 5)


def test_a_public_curve_goes_through_the_days_that_are_told() -> None:
    told, few = Cell("90 %", value=0.9, tells=(2**20 - 1,)), Cell("85 %", value=0.85, tells=(2**22 - 1,))
    steps = [[30, 1.0, None, None], [91, told, 0.8, 0.95], [183, few, 0.7, 0.9]]
    figure = Figure("f", "survival", "", {"groups": [{"steps": steps}]}, "curve")
    (made,) = blocks(protect(document(figure), 5))
    group = made.data["groups"][0]
    # 20 had died by day 91 and 22 by day 183: both would tell of the two between
    assert group["steps"] == [[30, 1.0, None, None], [183, 0.85, 0.7, 0.9]]
    assert (group["solid_until"], group["last_day"]) == (183, 183)


def test_a_day_on_which_one_area_is_hidden_is_no_day_of_the_incidence() -> None:
    shown, few = Cell("20 %", value=0.2, tells=(2**20 - 1,)), Cell("1 %", value=0.01, tells=(2**50,))
    causes = [{"name": "x", "values": [0.0, shown]}, {"name": "y", "values": [0.0, few]}]
    data = {"until": 91, "days": [0, 91], "causes": causes}
    table_behind = table(20)
    (made,) = blocks(protect(document(Figure("f", "cumulative_incidence", "", data, "x", table_behind)), 5))
    assert isinstance(made, Table)


def test_a_hidden_site_is_no_point_of_the_funnel() -> None:
    site = [
        {"label": "A", "n": Cell("20", count=20), "count": Cell("2", count=2)},
        {"label": "B", "n": 30, "count": 12},
    ]
    (made,) = blocks(protect(document(Figure("f", "funnel", "", {"share": 0.4, "sites": site}, "x")), 5))
    assert [shown["label"] for shown in made.data["sites"]] == ["B"]


def test_a_funnel_without_its_share_is_a_table() -> None:
    few = Cell("2/40 = 5 %", count=2, of=40, value=0.05)
    data = {"share": few, "sites": []}
    (made,) = blocks(protect(document(Figure("f", "funnel", "", data, "x", table(20))), 5))
    assert isinstance(made, Table)
    (words,) = blocks(protect(document(Figure("f", "funnel", "", data, "x")), 5))
    assert isinstance(words, Paragraph)


def test_a_number_in_a_figure_is_its_value_or_else_its_count() -> None:
    data = {
        "n": Cell("20", count=20),
        "share": Cell("20/40", count=20, of=40, value=0.5),
        "label": Paragraph("{x}", cells={"x": Cell("20", count=20)}),
    }
    (made,) = blocks(protect(document(Figure("f", "bars", "", data, "x")), 5))
    assert made.data == {"n": 20, "share": 0.5, "label": "20"}

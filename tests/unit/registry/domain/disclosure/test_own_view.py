"""A hospital's own view: 12 of its patients and 30 of two others, threshold 5."""

from registry.domain.disclosure.judgement import judge
from registry.domain.disclosure.own_view import figures_of, own_view
from registry.domain.report.assemble import assemble
from registry.domain.report.document import Document, Table
from tests.factories_analysis import a_response, a_row, a_study

K = 5


def a_report() -> Document:
    """Of the first hospital 6 are men, of the others 2: too few to be told of."""
    rows = [a_row(sex="male" if place in {0, 1, 2, 3, 4, 5, 40, 41} else "female") for place in range(42)]
    for place in (6, 7, 8, *range(20, 30)):
        rows[place] = a_row(response_radiotherapy=a_response("IR"))
    sites = ("A",) * 12 + ("B",) * 15 + ("C",) * 15
    return assemble(a_study(*rows, sites=sites, audience="public", threshold=K), "")


def a_view(site: str = "A") -> Document:
    document, own = a_report(), figures_of(assemble(a_study(*[a_row()] * 12), ""))
    return own_view(document, judge(document, K), site, own)


def rows_of(view: Document, name: str) -> dict[str, list[str]]:
    blocks = [block for section in view.sections for block in section.blocks]
    (table,) = (block for block in blocks if isinstance(block, Table) and block.id == name)
    return {row.head: [cell.text for cell in row.cells] for row in table.rows}


def test_own_figures_stand_beside_those_of_all_others() -> None:
    rows = rows_of(a_view(), "t1_baseline")
    assert rows["Patients"] == ["12", "30", "42"]
    assert rows["Age at onset, years"] == ["63 (63–63)", "–", "63 (63–63)"]


def test_few_others_are_not_told_and_own_few_are() -> None:
    # 8 men, of whom 6 are its own: the public report hides them, because this hospital would know the two others
    assert rows_of(a_view(), "t1_baseline")["male"] == ["6 (50 %)", "suppressed", "suppressed"]


def test_rates_have_their_own_intervals() -> None:
    rows = rows_of(a_view(), "t4_strata")["Of all treated"]
    assert [cell.split(" (")[0] for cell in rows] == ["9/12 = 75 %", "20/30 = 67 %", "29/42 = 69 %"]


def test_it_says_for_whom_it_is_and_names_no_patients() -> None:
    view = a_view("B")
    assert (view.reader, view.insiders, view.patients) == ("B", {}, ())

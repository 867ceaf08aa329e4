from registry.domain.report.open_queries import SECTION
from tests.factories_analysis import a_row, a_study


def test_patients_by_rule_and_how_long() -> None:
    rows = (a_row(), a_row(), a_row(), a_row(source_type="literature", enrolled=False))
    queries = ((("Q01", 3), ("Q20", 45)), (("Q01", 31), ("Q01", 2)), (), (("Q24", 5),))
    (table,) = SECTION.build(a_study(*rows, queries=queries))
    told = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert told["Q01 Cancer is known before the syndrome"] == ["2", "1 (50 %)", "0"]
    assert [head for head in told if "blocks" in head] == [
        head for head in told if head.startswith(("Q20", "Q24"))
    ]
    assert next(cells for head, cells in told.items() if head.startswith("Q24")) == ["0", "–", "1"]


def test_no_question() -> None:
    (words,) = SECTION.build(a_study(a_row()))
    assert words.text == "No question is open."

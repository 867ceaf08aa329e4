from registry.domain.report.response_strata import SECTION
from tests.factories_analysis import a_response, a_row, a_study


def responding(category: str | None, opioid: bool | None, again: bool | None, **more):
    return a_row(response_radiotherapy=a_response(category, prior_opioid=opioid, reirradiation=again, **more))


def test_strata_of_opioid_and_irradiation() -> None:
    rows = (responding("PR", False, False), responding("IR", True, True), responding("PR", None, False))
    table, *_ = SECTION.build(a_study(*rows))
    told = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert told["All treated"][:2] == ["3", "2/3 = 67 % (9–99 %)"]
    assert told["neither"][0] == told["both"][0] == told["not known"][0] == "1"
    assert told["both"][1] == "0/1 = 0 % (0–98 %)"


def test_responses_in_words_are_listed_and_not_added() -> None:
    table, words = SECTION.build(
        a_study(
            responding(None, True, False, narrative="marked_improvement"),
            responding("CR", True, False, narrative="resolved"),
        )
    )
    assert table.rows[0].cells[1].text.startswith("1/2")
    assert [(row.head, row.cells[0].text) for row in words.rows] == [("marked improvement", "1")]

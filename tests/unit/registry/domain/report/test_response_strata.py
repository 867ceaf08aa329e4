from registry.domain.report.document import Table
from registry.domain.report.response_strata import SECTION
from tests.factories_analysis import a_response, a_row, a_study, told_to_the_public


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


def test_responders_of_a_small_group_do_not_follow_from_those_of_the_others() -> None:
    """All 18 responders less 6, 5 and 5 of three groups are the 2 of the fourth."""
    groups = {(False, False): 6, (True, False): 5, (False, True): 5, (True, True): 2}
    rows = [
        responding("PR" if n < yes else "IR", *load) for load, yes in groups.items() for n in range(yes + 6)
    ]
    study = a_study(*rows, audience="public")
    table = told_to_the_public(study, SECTION)[0]
    assert isinstance(table, Table)
    told = {row.head: [cell.count for cell in row.cells] for row in table.rows}
    names = ("All treated", "neither", "opioid at baseline", "irradiated before", "both")
    responders = [told[name][1] for name in names]
    assert responders[-1] is None
    assert responders.count(None) >= 2

from registry.domain.report.people import People
from registry.domain.report.quality import SECTION, recorded
from tests.factories_analysis import a_row, a_study


def asked(*answers: bool | None, **more) -> People:
    return People.everyone(a_study(*(a_row(completeness={"side": answer}) for answer in answers), **more))


def test_recorded_of_those_in_whom_it_can_be() -> None:
    people = asked(True, False, None, True)
    assert recorded(people, "side", people.study).text == "2 (67 %)"


def test_the_public_gets_a_bound_where_a_few_are_missing() -> None:
    people = asked(*[True] * 57, *[False] * 3, audience="public")
    cell = recorded(people, "side", people.study)
    assert (cell.text, cell.count, cell.of) == ("90 % or more", None, None)
    full = asked(*[True] * 60, audience="public")
    assert recorded(full, "side", full.study).text == "60 (100 %)"


def test_completeness_and_habits_by_site() -> None:
    rows = (
        a_row(scores=3, round_scores=2),
        a_row(vital_status="alive", last_contact=1, dates=4, partial_dates=2),
    )
    study = a_study(*rows, sites=("A", "B"), queries=((("Q01", 40),), (("Q02", 2), ("Q03", 31))))
    complete, habits = SECTION.build(study)
    told = {row.head: [cell.text for cell in row.cells] for row in (*complete.rows, *habits.rows)}
    assert told["Patients"] == ["1", "1", "2"]
    assert told["Dead, or alive in the 60 days before the cut-off"] == ["1 (100 %)", "0 (0 %)", "1 (50 %)"]
    assert told["Dates known to the month or year only"] == ["10 %", "50 %", "21 %"]
    assert told["Worst-pain scores of 0, 5 or 10"] == ["67 %", "0 %", "40 %"]
    assert told["Open questions per 100 patients"] == ["100", "200", "150"]
    assert told["… open more than 30 days"] == ["100", "100", "100"]

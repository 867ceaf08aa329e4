from collections.abc import Mapping

from registry.domain.report.document import Table
from registry.domain.report.people import People
from registry.domain.report.quality import CORE, SECTION, recorded
from tests.factories_analysis import a_row, a_study, told_to_the_public


def asked(*answers: bool | None, **more) -> People:
    return People.everyone(a_study(*(a_row(completeness={"side": answer}) for answer in answers), **more))


def told_by_site(sites: Mapping[str, tuple[int, int]]) -> list[str]:
    """What the public reads of a variable, by site and of all; of each site how many have it and how many have not."""
    answers = [(site, has) for site, (n, none) in sites.items() for has in [True] * n + [False] * none]
    study = a_study(
        *(a_row(completeness=dict.fromkeys(CORE) | {"side": has}) for _, has in answers),
        sites=tuple(site for site, _ in answers),
        audience="public",
    )
    table = told_to_the_public(study, SECTION)[0]
    assert isinstance(table, Table)
    return next([cell.text for cell in row.cells] for row in table.rows if row.head == "Side")


def test_recorded_of_those_in_whom_it_can_be() -> None:
    people = asked(True, False, None, True)
    assert recorded(people, "side", people.study).text == "2 (67 %)"


def test_the_public_gets_a_bound_where_a_few_are_missing() -> None:
    assert told_by_site({"A": (57, 3)}) == ["90 % or more"]
    assert told_by_site({"A": (60, 0)}) == ["60 (100 %)"]


def test_how_many_a_site_lacks_does_not_follow_from_what_the_others_lack() -> None:
    """All lack 16, of which 13 at the other two: the third would lack 3."""
    told = told_by_site({"A": (33, 7), "B": (24, 6), "C": (27, 3)})
    assert told[2] == "85 % or more"
    assert "suppressed" in told


def test_nor_from_bounds_alone() -> None:
    """Of 8 that all lack, two sites lack fewer than 5 each: it must be 4 each."""
    told = told_by_site({"A": (26, 4), "B": (36, 4)})
    assert told == ["85 % or more", "90 % or more", "suppressed"]


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


def test_the_public_is_not_told_how_many_questions_are_open() -> None:
    """2 questions per 100 of 41 patients are one question, and so about one patient."""
    rows = [a_row(completeness=dict.fromkeys(CORE)) for _ in range(41)]
    study = a_study(*rows, queries=((("Q01", 40),), *((),) * 40), audience="public")
    _, habits = SECTION.build(study)
    assert isinstance(habits, Table)
    assert [row.head for row in habits.rows if "uestion" in row.head] == []

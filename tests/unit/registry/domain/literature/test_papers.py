"""Cases by paper: what Table I of Takamatsu et al. 2018 leaves open, and the patient it lost."""

from registry.domain.literature.papers import REPORTED, Share, of_paper, shares, untraced
from registry.domain.literature.published import TableRow, table_one


def test_a_row_with_as_many_cases_as_papers_has_one_of_each() -> None:
    found = shares(table_one())
    assert {share for (_, site), share in found.items() if site == "uterine cervix"} == {Share(1, 1)}
    assert {share for (_, site), share in found.items() if site == "lymphoma"} == {Share(1, 1)}


def test_papers_that_follow_from_the_table_match_their_abstracts() -> None:
    found = shares(table_one())
    assert of_paper(found, 2) == Share(4, 4)
    assert of_paper(found, 6) == Share(3, 3)
    assert of_paper(found, 19) == Share(3, 4)


def test_a_known_paper_narrows_the_other_of_its_row() -> None:
    found = shares(table_one(), {19: 3})
    assert found[19, "bladder"] == Share(1, 1)
    assert found[1, "bladder"] == Share(2, 2)
    assert of_paper(found, 1) == Share(3, 3)


def test_one_patient_of_stevens_and_gonet_cannot_be_traced() -> None:
    [finding] = untraced(table_one())
    assert finding.rule == "PAPER_COUNT_MISMATCH"
    assert finding.message == (
        "Reference 1 reports 4 patients; the table holds 3 of them (bladder 2, prostate 1)."
    )


def test_what_stays_open_is_said_as_a_range() -> None:
    rows = [TableRow("g", "colon", 5, ("A 2000", "B 2001", "C 2002"), (1, 2, 3))]
    assert str(of_paper(shares(rows), 1)) == "1 to 3"
    [finding] = untraced(rows, {1: 4})
    assert "1 to 3 of them (colon 1 to 3)" in finding.message


def test_a_total_that_cannot_hold_changes_nothing() -> None:
    assert shares(table_one(), {1: 40}) == shares(table_one())


def test_papers_that_fit_are_no_finding() -> None:
    fitting = {paper: count for paper, count in REPORTED.items() if paper != 1}
    assert untraced(table_one(), fitting) == []

"""Table I of Takamatsu et al. 2018 against its own text: S-01 to S-03, S-14, S-18, S-26 and S-27."""

import pytest

from registry.domain.literature.published import TableRow, table_one
from registry.domain.literature.table_one import (
    DECLARED,
    common_denominators,
    declared_versus_computed,
    denominators,
)

COMPARISON = declared_versus_computed(table_one(), DECLARED.total, DECLARED.percent)


def said(code: str) -> list[str]:
    return [finding.message for finding in COMPARISON.findings if finding.rule == code]


def test_s01_declared_and_computed_totals_are_both_kept() -> None:
    assert (COMPARISON.declared_total, COMPARISON.computed_total) == (39, 37)
    [message] = said("TOTAL_MISMATCH")
    assert "10 + 8 + 8 + 4 + 7 = 37" in message
    assert "39" in message
    assert "-2" in message


def test_s01_subtotals_are_those_of_the_groups() -> None:
    assert list(COMPARISON.subtotals.values()) == [10, 8, 8, 4, 7]


@pytest.mark.parametrize(
    ("group", "of_37"),
    [
        ("female genital tract", 27.03),
        ("gastrointestinal tract", 21.62),
        ("urinary tract", 21.62),
        ("hematological cancer", 10.81),
        ("others", 18.92),
    ],
)
def test_s02_percentages_are_of_the_computed_total(group: str, of_37: float) -> None:
    assert COMPARISON.percent(group) == pytest.approx(of_37, abs=0.005)


def test_s02_nearest_consistent_denominators() -> None:
    assert denominators(10, 27) == ((37,), (36, 37))
    assert denominators(8, 20) == ((40, 41), (39, 40))


def test_s02_no_total_gives_all_printed_percentages() -> None:
    assert common_denominators(COMPARISON.subtotals, DECLARED.percent) == (set(), set())


def test_s03_each_printed_percentage_is_flagged_by_itself() -> None:
    messages = said("PERCENT_MISMATCH")
    assert len(messages) == 3
    assert "10/39 = 25.64 %, rounded 26 %" in messages[0]
    assert all("8/39 = 20.51 %, rounded 21 %" in message for message in messages[1:])
    assert all("40 or 41 when rounded, or of 39 or 40 when cut off" in message for message in messages[1:])


def test_s14_the_lymphoma_row_cites_more_than_it_names() -> None:
    [message] = said("CITATION_COUNT_MISMATCH")
    assert "lymphoma names 2 authors for 4 references (2, 7, 12, 17)" in message


def test_s18_the_three_cases_of_the_paper_are_not_in_its_table() -> None:
    assert not DECLARED.includes_index_cases
    assert not any("fallopian" in row.site for row in table_one())


def test_s26_a_paper_older_than_the_first_description_is_noted() -> None:
    [finding] = [one for one in COMPARISON.findings if one.rule == "PREDATES_DESCRIPTION"]
    assert finding.severity == "note"
    assert finding.values == {"papers": "Avery 1988"}


def test_s27_the_condition_is_stored_with_the_count() -> None:
    assert DECLARED.condition == "the primary site was identified"


def test_a_table_that_agrees_with_its_text_has_no_findings() -> None:
    rows = [TableRow("a", "x", 3, ("One 2001",), (1,)), TableRow("b", "y", 1, ("Two 2002",), (2,))]
    assert declared_versus_computed(rows, 4, {"a": 75, "b": 25}).findings == ()


def test_a_percentage_of_a_group_that_is_not_there_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        declared_versus_computed(table_one(), 39, {"lungs": 5})


def test_no_printed_percentages_leave_nothing_to_agree() -> None:
    assert common_denominators(COMPARISON.subtotals, {}) == (set(), set())

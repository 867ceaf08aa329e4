from registry.domain.report.toxicity import SECTION
from tests.factories_analysis import a_row, a_study

ROWS = (
    a_row(toxicity={"nausea": 2, "fatigue": 3}, toxicity_max_grade=3),
    a_row(toxicity={"nausea": 1}, toxicity_max_grade=1),
    a_row(toxicity={"An event in the site's own words": 4}, toxicity_max_grade=4),
    a_row(),
)


def told(study) -> dict[str, list[str]]:
    (table,) = SECTION.build(study)
    return {row.head: [cell.text for cell in row.cells] for row in table.rows}


def test_each_patient_counts_once_with_the_highest_grade() -> None:
    found = told(a_study(*ROWS))
    assert found["Any event"] == ["1", "0", "1", "1", "0", "3 (75 %)", "2/4 = 50 % (7–93 %)"]
    assert found["nausea"] == ["1", "1", "0", "0", "0", "2 (50 %)", "0/4 = 0 % (0–60 %)"]


def test_the_sites_own_words_are_never_printed() -> None:
    found = told(a_study(*ROWS))
    assert "other events" in found
    assert not any("own words" in head for head in found)


def test_the_public_sees_two_columns() -> None:
    assert len(told(a_study(*ROWS * 5, audience="public"))["Any event"]) == 2


def test_events_of_one_each_are_a_sum_and_several_are_none() -> None:
    one_each = [a_row(toxicity={"nausea": 1}, toxicity_max_grade=1)] * 9
    one_each += [a_row(toxicity={"fatigue": 3}, toxicity_max_grade=3)] * 2
    (table,) = SECTION.build(a_study(*one_each, audience="public"))
    assert table.totals == (((0, 0), (1, 0), (2, 0)), ((0, 1), (1, 1), (2, 1)))

    both = a_row(toxicity={"nausea": 1, "fatigue": 1}, toxicity_max_grade=1)
    (table,) = SECTION.build(a_study(*one_each, both, audience="public"))
    assert table.totals == (((0, 1), (1, 1), (2, 1)),)  # severe events are of one each still

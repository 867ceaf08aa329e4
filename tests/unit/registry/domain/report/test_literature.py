from registry.domain.report.literature import SECTION
from tests.factories_analysis import a_response, a_row, a_study, a_time

PUBLISHED = a_row(
    source_type="literature",
    enrolled=False,
    os_onset=a_time(None, 1, None, exit_lo=228, exit_hi=274, flags=("disputed_origin",), reason=None),
    response_radiotherapy=a_response(
        None, "missing_nrs", narrative="marked_improvement", assisted="PR_assisted"
    ),
)


def tables(*rows) -> dict:
    return {block.id: block for block in SECTION.build(a_study(*rows))[1:]}


def test_table_one_computed_again() -> None:
    told = {row.head: [cell.text for cell in row.cells] for row in tables()["literature_table_1"].rows}
    assert told["female genital tract"] == ["10", "27.03 %", "25.64 %", "27 %"]
    assert told["gastrointestinal tract"] == ["8", "21.62 %", "20.51 %", "20 %"]
    assert told["Sum of the rows"][0] == "37"
    assert told["Declared in the text"][0] == "39"


def test_every_discrepancy_is_named() -> None:
    codes = [row.head for row in tables()["literature_discrepancies"].rows]
    assert codes.count("PERCENT_MISMATCH") == 3
    assert {
        "TOTAL_MISMATCH",
        "CITATION_COUNT_MISMATCH",
        "PREDATES_DESCRIPTION",
        "PAPER_COUNT_MISMATCH",
    } < set(codes)


def test_benchmarks_have_population_and_origin() -> None:
    table = tables()["literature_benchmarks"]
    assert {"Population", "Counted from"} < set(table.columns)
    assert all(cell.text for row in table.rows for cell in row.cells)


def test_published_cases_stand_apart_with_what_is_disputed() -> None:
    (row,) = tables(PUBLISHED, a_row())["literature_cases"].rows
    assert [cell.text for cell in row.cells[3:]] == [
        "marked improvement",
        "not evaluable: pain not scored",
        "PR assisted",
        "died after 228 to 274 days; origin disputed: onset or diagnosis",
    ]


def test_nothing_of_the_literature_is_a_count_of_patients_of_the_registry() -> None:
    assert all(
        cell.count is None for table in tables(PUBLISHED).values() for row in table.rows for cell in row.cells
    )

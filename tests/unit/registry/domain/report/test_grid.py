from registry.domain.disclosure.quantities import collect
from registry.domain.report.document import Document, Section, Table
from registry.domain.report.grid import Grid
from registry.domain.report.people import People
from tests.factories_analysis import a_row, a_study


def made(*rows: dict, audience: str = "staff", threshold: int = 5) -> People:
    return People.everyone(a_study(*(a_row(**row) for row in rows), audience=audience, threshold=threshold))


def table(grid: Grid) -> dict[str, list[str]]:
    return {row.head: [cell.text for cell in row.cells] for row in grid.table("t", "", "").rows}


def adds_up(found: Table, people: People) -> None:
    study = people.study
    document = Document("", 1, "public", study.cutoff, study.as_of, "", {}, (Section("s", "", (found,)),))
    collect(document, 0)  # raises where a declared total is none


def test_categories_part_the_patients_and_the_rest_is_not_recorded() -> None:
    people = made({"sex": "female"}, {"sex": "male"}, {"sex": None}, {"sex": "female", "side": "right"})
    grid = Grid(people.split(lambda row: str(row.side)), people)
    grid.categories("Sex", lambda row: row.sex, {"female": "women", "male": "men"})
    assert table(grid) == {
        "Patients": ["3", "1", "4"],
        "Sex": [],
        "women": ["1 (33 %)", "1 (100 %)", "2 (50 %)"],
        "men": ["1 (33 %)", "0 (0 %)", "1 (25 %)"],
        "not recorded": ["1 (33 %)", "0 (0 %)", "1 (25 %)"],
    }
    adds_up(grid.table("t", "", ""), people)


def test_categories_too_small_for_the_public_are_one_row() -> None:
    people = made(*[{"ecog": n} for n in (1, 1, 1, 1, 1, 2, 2, 2, 3, 4)], audience="public")
    grid = Grid({}, people)
    grid.categories("ECOG", lambda row: row.ecog, {n: str(n) for n in range(5)})
    assert table(grid) == {
        "Patients": ["10"],
        "ECOG": [],
        "1": ["5 (50 %)"],
        "other or not recorded": ["5 (50 %)"],
    }


def test_a_question_of_which_nothing_can_be_told_is_left_out() -> None:
    people = made(*[{"ecog": n} for n in (1, 2, 3)], audience="public")
    grid = Grid({}, people)
    grid.categories("ECOG", lambda row: row.ecog, {n: str(n) for n in range(5)})
    assert table(grid) == {"Patients": ["3"]}


def test_of_several_answers_each_has_a_row() -> None:
    people = made({"mechanisms": ("a", "b")}, {"mechanisms": ("a",)}, {"mechanisms": ()})
    grid = Grid({}, people)
    grid.several("Mechanism", lambda row: row.mechanisms, {"a": "A", "b": "B", "c": "C"})
    assert table(grid) == {
        "Patients": ["3"],
        "Mechanism": [],
        "A": ["2 (67 %)"],
        "B": ["1 (33 %)"],
        "none of these": ["1 (33 %)"],
    }


def test_a_median_says_how_many_are_missing() -> None:
    people = made({"nrs": 8}, {"nrs": None})
    grid = Grid({}, people)
    grid.median("Pain", lambda row: row.nrs)
    assert table(grid) == {"Patients": ["2"], "Pain": ["8 (8–8)"], "not recorded": ["1 (50 %)"]}


def test_a_share_of_those_for_whom_the_question_applies() -> None:
    people = made(
        {"completeness": {"x": True}}, {"completeness": {"x": False}}, {"completeness": {"x": None}}
    )
    grid = Grid({}, people)
    grid.share_of("x", lambda row: row.completeness["x"], lambda row: row.completeness["x"] is not None)
    assert table(grid)["x"] == ["1 (50 %)"]


def test_answers_of_which_each_patient_has_one_are_a_sum() -> None:
    """Of 30 patients 14 and 13 are told: the others must not be 3, although several answers are possible."""
    counts = {"a": 14, "b": 13, "c": 3}
    people = made(
        *({"mechanisms": (name,)} for name, n in counts.items() for _ in range(n)), audience="public"
    )
    grid = Grid({}, people)
    grid.several("Mechanism", lambda row: row.mechanisms, {"a": "A", "b": "B", "c": "C"})
    found = grid.table("t", "", "")
    adds_up(found, people)
    assert found.totals == (((0, 0), (2, 0), (3, 0), (4, 0)),)


def test_a_public_median_does_not_tell_that_nobody_is_missing() -> None:
    people = made(*({"nrs": 8},) * 25, *({"nrs": None, "side": "right"},) * 5, audience="public")
    grid = Grid(people.split(lambda row: str(row.side)), people)
    grid.median("Pain", lambda row: row.nrs)
    _, pain, missing = grid.table("t", "", "").rows
    assert {cell.of for cell in pain.cells} == {None}
    assert [cell.count for cell in missing.cells] == [0, 5, 5]

from registry.domain.report.people import People
from tests.factories_analysis import a_row, a_study


def people(*sexes: str) -> People:
    return People.everyone(a_study(*(a_row(sex=sex) for sex in sexes), audience="public"))


def test_parts_are_in_the_order_in_which_they_first_appear() -> None:
    parts = people("female", "male", "female").split(lambda row: row.sex)
    assert list(parts) == ["female", "male"]
    assert {sex: tuple(part.places) for sex, part in parts.items()} == {"female": (0, 2), "male": (1,)}


def test_marks_of_parts_add_up_and_the_same_patients_have_the_same_mark() -> None:
    everyone = people("female", "male", "female")
    parts = everyone.split(lambda row: row.sex)
    assert everyone.mark == 0b111
    assert sum(part.mark or 0 for part in parts.values()) == everyone.mark
    assert everyone.where(lambda row: row.sex == "male").mark == parts["male"].mark
    assert people().mark == 0


def test_there_are_no_marks_where_nothing_is_hidden() -> None:
    assert People.everyone(a_study(a_row())).mark is None


def test_without_among_and_together() -> None:
    everyone = people("female", "male", "female", "male")
    men = everyone.where(lambda row: row.sex == "male")
    women = everyone.without(men)
    assert tuple(women.places) == (0, 2)
    assert tuple(women.together(men).places) == (0, 1, 2, 3)
    assert tuple(everyone.where(lambda row: True).among(women).places) == (0, 2)


def test_patients_of_a_site() -> None:
    study = a_study(a_row(), a_row(), a_row(), sites=("A", "B", "A"))
    assert {site: len(group) for site, group in People.everyone(study).by_site().items()} == {"A": 2, "B": 1}

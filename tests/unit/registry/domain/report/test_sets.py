from registry.domain.report.sets import (
    ANALYSED,
    ENROLLED,
    TREATED,
    WITH_SYNDROME,
    analysed,
    chain,
    enrolled,
    literature,
    not_told_apart,
    told,
    treated,
)
from tests.factories_analysis import a_row, a_study, untreated


def test_each_set_is_inside_the_one_before() -> None:
    study = a_study(
        a_row(),
        a_row(source_type="literature", enrolled=False),
        a_row(enrolled=False),
        a_row(withdrawal="erase"),
        a_row(withdrawal="no_further_collection"),
        a_row(mps_class="psoas_metastasis_only"),
        a_row(open_blocking=("Q15",)),
        untreated(),
    )
    assert [len(people) for people in chain(study).values()] == [8, 7, 5, 4, 3, 2]
    assert [
        len(people) for people in (enrolled(study), analysed(study), treated(study), literature(study))
    ] == [5, 3, 2, 1]


def test_the_public_is_not_told_of_sets_that_differ_by_a_few() -> None:
    rows = [a_row()] * 20 + [untreated()] * 3 + [a_row(mps_class="not_mps")] * 9
    study = a_study(*rows, audience="public")
    assert {name: len(people) for name, people in told(study).items()} == {
        "Cases in the registry": 32,
        "Patients of the sites": 32,
        ENROLLED: 32,
        TREATED: 20,
    }
    assert len(analysed(study)) == len(treated(study)) == 20
    assert not_told_apart(study)


def test_sets_of_the_same_patients_are_all_told() -> None:
    study = a_study(*[a_row()] * 20, audience="public")
    assert list(told(study)) == list(chain(study))
    assert not_told_apart(study) == ()


def test_the_public_is_told_nothing_of_a_few() -> None:
    study = a_study(*[a_row()] * 4, audience="public")
    assert told(study) == {}
    assert len(enrolled(study)) == 0


def test_staff_are_told_everything() -> None:
    study = a_study(a_row(), untreated())
    assert ANALYSED in told(study)
    assert WITH_SYNDROME in told(study)

"""BED and EQD2 against hand-computed schedules of published cases."""

import pytest

from registry.domain.outcomes.radiobiology import ALPHA_BETA_GY, Course, bed, cumulative_max, effect, eqd2

SCHEDULES = [
    # dose, fractions, per fraction, BED10, EQD2_10, BED3, EQD2_3, BED2, EQD2_2
    (45, 25, 1.8, 53.10, 44.25, 72.00, 43.20, 85.50, 42.75),  # Takamatsu 2018 case 1, IMRT
    (40, 16, 2.5, 50.00, 41.667, 73.333, 44.00, 90.00, 45.00),  # case 2
    (46, 23, 2.0, 55.20, 46.00, 76.667, 46.00, 92.00, 46.00),  # case 1, pelvis
    (20, 10, 2.0, 24.00, 20.00, 33.333, 20.00, 40.00, 20.00),  # case 1, groins
    (36, 12, 3.0, 46.80, 39.00, 72.00, 43.20, 90.00, 45.00),  # Uno 2024, delivered
    (39, 13, 3.0, 50.70, 42.25, 78.00, 46.80, 97.50, 48.75),  # Uno 2024, planned
    (30, 10, 3.0, 39.00, 32.50, 60.00, 36.00, 75.00, 37.50),
    (20, 5, 4.0, 28.00, 23.333, 46.667, 28.00, 60.00, 30.00),
    (8, 1, 8.0, 14.40, 12.00, 29.333, 17.60, 40.00, 20.00),
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_schedules(schedule: tuple[float, int, float, float, float, float, float, float, float]) -> None:
    dose, fractions, per_fraction, *expected = schedule
    result = effect(Course(dose, fractions))
    assert Course(dose, fractions).dose_per_fraction_gy == pytest.approx(per_fraction)
    computed = [value for ratio in ALPHA_BETA_GY for value in (result.bed_gy[ratio], result.eqd2_gy[ratio])]
    assert computed == pytest.approx(expected, abs=5e-4)
    assert result.flags == ()


def test_order_of_schedules_depends_on_the_tissue() -> None:
    imrt, conventional = effect(Course(45, 25)), effect(Course(40, 16))
    assert imrt.eqd2_gy[10] > conventional.eqd2_gy[10]
    assert imrt.eqd2_gy[3] < conventional.eqd2_gy[3]


def test_two_gray_fractions_are_their_own_equivalent() -> None:
    assert eqd2(Course(50, 25), 7.3) == pytest.approx(50)


@pytest.mark.parametrize(
    ("course", "flagged"), [(Course(24, 3), False), (Course(25.5, 3), True), (Course(20, 1), True)]
)
def test_large_fractions_are_flagged(course: Course, flagged: bool) -> None:
    assert (effect(course).flags == ("lq_uncertain",)) is flagged


def test_cumulative_upper_bound_of_case_1() -> None:
    pelvis, index, groins = Course(46, 23), Course(45, 25), Course(20, 10)
    bound = cumulative_max([pelvis, index], "adjacent")
    assert bound is not None
    assert bound.eqd2_gy[3] == pytest.approx(89.2)
    assert bound.bed_gy[3] == pytest.approx(148.67, abs=5e-3)
    assert bound.eqd2_gy[10] == pytest.approx(90.25)
    with_groins = cumulative_max([pelvis, index, groins], "full")
    assert with_groins is not None
    assert with_groins.eqd2_gy[3] == pytest.approx(109.2)


def test_fields_that_do_not_overlap_are_never_added() -> None:
    assert cumulative_max([Course(46, 23), Course(20, 10)], "none") is None
    with pytest.raises(ValueError, match="overlap"):
        cumulative_max([Course(46, 23)], "maybe")


def test_flag_of_one_course_marks_the_sum() -> None:
    bound = cumulative_max([Course(46, 23), Course(20, 1)], "unknown")
    assert bound is not None
    assert bound.flags == ("lq_uncertain",)


def test_nothing_delivered_has_no_effect() -> None:
    assert set(effect(Course(0, 0)).bed_gy.values()) == {0.0}


@pytest.mark.parametrize(("dose", "fractions"), [(10, 0), (0, 5), (-1, 1)])
def test_a_dose_needs_fractions(dose: float, fractions: int) -> None:
    with pytest.raises(ValueError, match="not a course"):
        Course(dose, fractions)


def test_alpha_beta_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        bed(Course(10, 5), 0)

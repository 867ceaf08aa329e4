import pytest

from registry.domain.report.pain_course import SECTION, mean_with_limits, median_with_quartiles
from tests.factories_analysis import a_response, a_row, a_study, a_window


def patient(before: int, after: int | None, reason: str | None = None):
    window = a_window(
        "PR" if reason is None else None, reason, nrs0=before, nrs=after, omedd0=60.0, omedd=30.0
    )
    return a_row(response_radiotherapy=a_response("PR", M1=window, M2=window, M3=window))


def test_the_mean_with_its_interval() -> None:
    assert mean_with_limits(dict.fromkeys([1, 2, 3, 4, 5], 1)) == pytest.approx((3, 1.0368, 4.9632), abs=1e-4)
    assert mean_with_limits({2: 2, 3: 2}) is None
    assert median_with_quartiles(dict.fromkeys([1, 2, 3, 4, 5], 1)) == (3, 2, 4)


def test_means_say_how_many_were_observed_and_how_many_had_died() -> None:
    rows = [patient(8, 3)] * 5 + [patient(6, None, "died_before_window")] * 2
    pain, dose, waterfall = SECTION.build(a_study(*rows))
    values = [cell.value for cell in pain.data["groups"][0]["values"]]
    assert values == pytest.approx([52 / 7, 3, 3, 3])
    assert [cell.count for cell in pain.data["beneath"][0]["values"]] == [7, 5, 5, 5]
    assert [cell.count for cell in pain.data["beneath"][1]["values"]] == [0, 2, 2, 2]
    assert pain.data["each"][0] == [8, 3, 3, 3]
    assert dose.data["range"] == [0, 70]
    assert [bar["value"] for bar in waterfall.data["bars"]] == [-5] * 5
    assert waterfall.staff_only


def test_the_public_sees_no_single_line_and_no_greatest_dose() -> None:
    rows = [patient(8, 3)] * 19 + [a_row(response_radiotherapy=a_response("PR", M2=a_window(omedd0=900.0)))]
    _, dose, *_ = SECTION.build(a_study(*rows, audience="public"))
    assert "each" not in dose.data
    assert dose.data["range"] == [0, 70]


def test_a_mean_of_a_few_is_not_printed() -> None:
    pain, *_ = SECTION.build(a_study(*[patient(8, 3)] * 4))
    assert {cell.value for cell in pain.data["groups"][0]["values"]} == {None}


@pytest.mark.parametrize("missing", [1, 2])
def test_whether_a_mean_is_told_does_not_tell_how_few_are_missing(missing: int) -> None:
    """Of 6 patients, 5 are enough and 4 are not: a mean would say that exactly one is missing."""
    rows = [patient(8, 3)] * (6 - missing) + [patient(8, None, "missing_nrs")] * missing
    pain, *_ = SECTION.build(a_study(*rows, audience="public"))
    assert [cell.value for cell in pain.data["groups"][0]["values"]] == [8, None, None, None]

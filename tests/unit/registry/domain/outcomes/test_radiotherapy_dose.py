"""Dose of each course, and the upper bound of re-irradiation."""

from typing import Any

import pytest

from tests.factories_case import a_case, radiotherapy, values


def _course(rt_id: str, dose: float | None, fractions: int | None, **more: Any) -> dict[str, Any]:
    return radiotherapy(rt_id=rt_id, delivered_dose_gy=dose, delivered_fractions=fractions, **more)


def test_planned_and_delivered() -> None:
    """Uno 2024: 36 Gy in 12 fractions of 39 Gy in 13."""
    case = a_case(radiotherapy=[_course("RT-1", 36, 12, planned_dose_gy=39, planned_fractions=13)])
    found = values(case, "RTDOSE")["RT-1"]
    assert found.value is not None
    assert found.value["delivered"]["bed_gy"] == pytest.approx({"10": 46.8, "3": 72, "2": 90})
    assert found.value["planned"]["eqd2_gy"] == pytest.approx({"10": 42.25, "3": 46.8, "2": 48.75})
    assert found.explanation == (
        "RT-1 delivered 36 Gy in 12 fractions of 39 Gy in 13 planned: EQD2 39.00 Gy for tumour, 43.20 "
        "Gy for late reactions."
    )


@pytest.mark.parametrize(("dose", "fractions"), [(None, 10), (30, None), (30, 0), (0, 10)])
def test_a_dose_needs_its_fractions(dose: float | None, fractions: int | None) -> None:
    found = values(a_case(radiotherapy=[_course("RT-1", dose, fractions)]), "RTDOSE")["RT-1"]
    assert found.reason == "no_delivered_dose"


def test_large_fractions_are_flagged() -> None:
    assert values(a_case(radiotherapy=[_course("RT-1", 20, 1)]), "RTDOSE")["RT-1"].flags == ("lq_uncertain",)


PELVIS = _course("RT-1", 46, 23, course_no=1, start="2022-01-10", end="2022-02-10", indication="other")
GROIN = _course("RT-2", 20, 10, course_no=1, start="2022-02-11", end="2022-02-24", indication="other")


def test_the_upper_bound_of_each_earlier_course_and_of_all() -> None:
    """Takamatsu 2018 case 1: 45 Gy beside a pelvis that had 46 Gy, and the groins 20 Gy."""
    again = _course("RT-3", 45, 25, course_no=2, prior_rt_overlap="adjacent")
    found = values(a_case(radiotherapy=[PELVIS, GROIN, again]), "RTCUM")
    assert set(found) == {"RT-3"}
    value = found["RT-3"].value
    assert value is not None
    assert value["overlap"] == "adjacent"
    assert value["with"]["RT-1"]["eqd2_gy"] == pytest.approx({"10": 90.25, "3": 89.2, "2": 88.75})
    assert value["with"]["RT-1"]["bed_gy"]["3"] == pytest.approx(148.67, abs=5e-3)
    assert value["with_all"]["eqd2_gy"]["3"] == pytest.approx(109.2)


@pytest.mark.parametrize("overlap", ["none", None])
def test_fields_that_did_not_meet_are_not_added(overlap: str | None) -> None:
    again = _course("RT-3", 45, 25, course_no=2, prior_rt_overlap=overlap)
    assert values(a_case(radiotherapy=[PELVIS, again]), "RTCUM") == {}


def test_without_the_earlier_dose_there_is_no_bound() -> None:
    again = _course("RT-3", 45, 25, course_no=2, prior_rt_overlap="full")
    unknown = _course("RT-1", None, 23, course_no=1, start="2022-01-10", end="2022-02-10")
    assert values(a_case(radiotherapy=[unknown, again]), "RTCUM")["RT-3"].reason == "no_delivered_dose"
    assert values(a_case(radiotherapy=[again]), "RTCUM")["RT-3"].reason == "no_earlier_course"

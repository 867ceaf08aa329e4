"""Time to response as an interval with competing events, and duration of response with its ends."""

from datetime import date, timedelta
from typing import Any

import pytest

from registry.domain.outcomes.outcome import Derived
from tests.factories_case import (
    a_death,
    an_episode,
    opioid,
    pain,
    radiotherapy,
    seen,
    systemic,
    treated,
    values,
)

START = date(2025, 3, 5)
BASELINE = pain("2025-03-04", 8)


def day(number: int) -> str:
    """A day counted from the start of radiotherapy; it ends on day 13."""
    return (START + timedelta(days=number)).isoformat()


def _scores(*scores: tuple[int, int], **more: Any) -> Any:
    return treated(
        [BASELINE, *(pain(day(n), nrs) for n, nrs in scores)], more.pop("analgesic", [opioid(40)]), **more
    )


def _time(case: Any) -> dict[str, Any]:
    (found,) = values(case, "TTRESP").values()
    assert found.value is not None
    return found.value


def _duration(case: Any) -> Derived:
    (found,) = values(case, "DURRESP").values()
    assert found.value is not None
    return found


def test_response_before_the_end_of_radiotherapy_counts() -> None:
    """Takamatsu 2018 case 2: better two weeks after the start of a course of at least 21 days."""
    case = _scores((14, 3), radiotherapy=[radiotherapy(end=day(21))])
    assert _time(case) == {"event": 1, "cause": None, "days": 14, "days_after": 0}


def test_the_interval_begins_at_the_last_assessment_without_response() -> None:
    assert _time(_scores((7, 7), (14, 8), (28, 5), (60, 2)))["days_after"] == 14
    assert _time(_scores((7, 7), (14, 8), (28, 5), (60, 2)))["days"] == 28


@pytest.mark.parametrize(
    ("forms", "event", "cause", "days"),
    [
        ({"death": a_death(day(40)), "follow_up": []}, 2, "death", 40),
        ({"follow_up": [seen(day(70))]}, 0, "last_contact", 70),
    ],
)
def test_without_a_response(forms: dict[str, Any], event: int, cause: str, days: int) -> None:
    found = values(_scores((20, 8), **forms), "TTRESP")["1|RT-1"]
    assert found.value == {"event": event, "cause": cause, "days": days, "days_after": None}


@pytest.mark.parametrize(
    ("again", "other", "cause"),
    [
        (41, {}, "reirradiation"),  # 4 weeks after the end on day 13
        (40, {}, "last_contact"),  # a part of the same course
        (41, {"target_volume": {"side": "right"}, "episode_no": 2}, "last_contact"),
        (41, {"indication": "other", "index_treatment": False}, "last_contact"),
    ],
)
def test_what_is_reirradiation(again: int, other: dict[str, Any], cause: str) -> None:
    second = radiotherapy(day(again), day(again), **{"rt_id": "RT-2", **other})
    case = _scores((20, 8), radiotherapy=[radiotherapy(), second], follow_up=[seen(day(70))])
    found = values(case, "TTRESP")["1|RT-1"]
    assert found.value is not None
    assert found.value["cause"] == cause


def test_on_one_day_the_response_comes_first() -> None:
    assert _time(_scores((40, 3), death=a_death(day(40)), follow_up=[]))["event"] == 1


def test_both_sides_must_respond() -> None:
    sides: dict[str, Any] = {
        "mps_episode": an_episode(side="bilateral"),
        "radiotherapy": [radiotherapy(target_volume={"side": "bilateral"})],
    }
    right = [pain(day(n), nrs, site_side="right") for n, nrs in ((-1, 6), (20, 6), (34, 2))]
    case = treated([BASELINE, pain(day(20), 4), pain(day(34), 4), *right], [opioid(40)], **sides)
    assert _time(case) == {"event": 1, "cause": None, "days": 34, "days_after": 20}


def test_after_systemic_therapy_nothing_counts_before_day_14() -> None:
    assert _time(_scores((10, 0), (21, 3), radiotherapy=[], systemic_therapy=[systemic()]))["days"] == 21


@pytest.mark.parametrize(
    ("scores", "event", "days", "until"),
    [
        (((14, 3), (40, 4), (80, 10)), 1, 66, "pain progression"),
        (((14, 3), (40, 4), (80, 7)), 1, 66, "relapse of the pain"),  # within 1 point of the baseline
        (((14, 1), (40, 1), (80, 3)), 1, 66, "relapse of the pain"),  # 2 points above the lowest
        (((14, 3), (40, 2), (80, 3)), 0, 66, "last assessment, still in response"),
    ],
)
def test_the_end_of_a_response(
    scores: tuple[tuple[int, int], ...], event: int, days: int, until: str
) -> None:
    found = _duration(_scores(*scores))
    assert found.value is not None
    assert (found.value["event"], found.value["days"], found.value["until"]) == (event, days, until)


def test_two_points_more_with_less_opioid_is_no_relapse() -> None:
    less = [opioid(40, end=day(50)), opioid(10, day(51))]
    assert _duration(_scores((14, 1), (80, 3), analgesic=less)).value["event"] == 0  # type: ignore[index]


def test_a_response_by_less_opioid_has_no_lower_pain_to_return_from() -> None:
    less = [opioid(40, end=day(5)), opioid(20, day(6))]
    found = _duration(_scores((14, 8), (40, 8), analgesic=less))
    assert found.value is not None
    assert (found.value["event"], found.value["confirmed"]) == (0, True)


def test_death_without_relapse_competes() -> None:
    found = _duration(_scores((14, 3), (40, 3), death=a_death(day(90)), follow_up=[]))
    assert found.value is not None
    assert (found.value["event"], found.value["days"]) == (2, 76)


def test_a_reported_relapse_counts_and_one_on_imaging_does_not() -> None:
    told = seen(day(60), pain_relapse="yes", pain_relapse_date=day(55))
    found = _duration(_scores((14, 3), (40, 3), follow_up=[told]))
    assert found.value is not None
    assert (found.value["event"], found.value["days"]) == (1, 41)
    imaging = seen(day(60), pain_relapse="no", radiographic_relapse="yes", radiographic_relapse_date=day(55))
    assert (_duration(_scores((14, 3), (40, 3), follow_up=[imaging])).value or {})["event"] == 0


@pytest.mark.parametrize(("second", "confirmed"), [(20, False), (21, True)])
def test_confirmation_needs_seven_days(second: int, confirmed: bool) -> None:
    found = _duration(_scores((14, 3), (second, 3)))
    assert found.value is not None
    assert found.value["confirmed"] is confirmed
    assert found.flags == (() if confirmed else ("unconfirmed",))


def test_who_never_responded_has_no_duration() -> None:
    assert values(_scores((14, 8)), "DURRESP") == {}

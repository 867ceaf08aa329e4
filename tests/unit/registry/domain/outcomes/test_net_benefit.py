"""What the treatment was worth: net pain relief, pain control, days at home, days on treatment."""

from datetime import date, timedelta
from typing import Any

import pytest

from registry.domain.outcomes.outcome import Basis, Value
from tests.factories_case import (
    a_death,
    a_patient,
    an_episode,
    opioid,
    pain,
    radiotherapy,
    seen,
    treated,
    values,
)

START = date(2025, 3, 5)


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def _scores(*scores: tuple[int, int], **more: Any) -> Any:
    return treated([pain(day(n), nrs) for n, nrs in ((-1, 8), *scores)], [opioid(40)], **more)


def _value(case: Any, outcome: str, basis: Basis | None = None) -> Value:
    (found,) = values(case, outcome, basis or Basis(date(2026, 1, 1))).values()
    assert found.value is not None, found
    return found.value


def test_net_pain_relief_is_the_share_of_life_in_response() -> None:
    dead: dict[str, Any] = {"death": a_death(day(100)), "follow_up": []}
    assert _value(_scores((20, 3), (50, 3), **dead), "NPR") == {
        "days_in_response": 80,
        "days": 100,
        "share": 0.8,
        "share_lo": 0.31,
    }
    twice = _value(_scores((20, 3), (40, 8), (60, 3), **dead), "NPR")
    assert twice["days_in_response"] == 20 + 40
    assert _value(_scores((20, 8), **dead), "NPR")["share"] == 0


def test_on_both_sides_only_days_in_response_of_both_count() -> None:
    right = [pain(day(n), nrs, site_side="right") for n, nrs in ((-1, 8), (40, 2))]
    left = [pain(day(n), nrs) for n, nrs in ((-1, 8), (20, 2), (70, 8))]
    case = treated(
        [*left, *right],
        [opioid(40)],
        mps_episode=an_episode(side="bilateral"),
        radiotherapy=[radiotherapy(target_volume={"side": "bilateral"})],
        death=a_death(day(100)),
        follow_up=[],
    )
    assert _value(case, "NPR")["days_in_response"] == 30


def test_who_was_never_judged_has_no_share() -> None:
    (found,) = values(_scores(), "NPR").values()
    assert (found.value, found.reason) == (None, "never_evaluable")


def test_pain_control_lies_between_bounds() -> None:
    """Known: 7 days of control from day 40, 7 without from day 20; 86 of 100 days are unknown."""
    scores = [pain(day(n), nrs) for n, nrs in ((20, 6), (40, 3))]
    case = treated(scores, [], death=a_death(day(100)), follow_up=[])
    assert _value(case, "PAINCTRL") == {
        "days": 100,
        "days_controlled": 7,
        "days_uncontrolled": 7,
        "share_lo": 0.07,
        "share_hi": 0.93,
    }


def test_days_in_response_are_controlled_and_words_count_less_than_scores() -> None:
    dead = {"death": a_death(day(100))}
    responding = _value(_scores((20, 5), follow_up=[], **dead), "PAINCTRL")
    assert responding["days_controlled"] == 80
    words = [seen(day(40), symptom_status="controlled"), seen(day(60), symptom_status="uncontrolled")]
    told = treated([pain(day(40), 8)], [], follow_up=words, **dead)
    assert (_value(told, "PAINCTRL")["days_controlled"], _value(told, "PAINCTRL")["days_uncontrolled"]) == (
        0,
        14,
    )


def _nights(*visits: tuple[int, int], dead: int | None = None, enrolled: int = 0) -> Any:
    told = [seen(day(n), hospital_days_since_last=nights) for n, nights in visits]
    forms: dict[str, Any] = {"patient": a_patient(enrolment_date=day(enrolled)), "follow_up": told}
    if dead is not None:
        forms["death"] = a_death(day(dead))
    return treated([], [], **forms)


def test_the_example_of_days_out_of_hospital() -> None:
    """Treated on day 0, 20 nights in hospital, died on day 70: 90 - 20 - 20."""
    found = _value(_nights((30, 20), (70, 0), dead=70), "DAOH90")
    assert found == {"days": 50, "days_lo": 50, "days_hi": 50, "nights": 20, "days_dead": 20}
    silent = _value(_nights((30, 20), dead=70), "DAOH90")
    assert (silent["days"], silent["days_lo"], silent["days_hi"]) == (50, 10, 50)


@pytest.mark.parametrize(
    ("visits", "enrolled", "expected"),
    [
        ([(90, 10)], 0, (80, 80, 80)),
        ([(95, 10)], 0, (80, 80, 85)),  # 5 of the nights may lie behind day 90
        ([(90, 10)], -4, (80, 80, 84)),  # 4 of them may lie before the start
        ([(50, 10), (120, 0)], 0, (80, 80, 80)),
        ([(50, 60), (120, 0)], 0, (40, 40, 40)),  # more nights than days are as many as there are days
    ],
)
def test_nights_that_may_lie_outside(
    visits: list[tuple[int, int]], enrolled: int, expected: tuple[int, int, int]
) -> None:
    found = _value(_nights(*visits, enrolled=enrolled), "DAOH90")
    assert (found["days"], found["days_lo"], found["days_hi"]) == expected


def test_ninety_days_must_be_observed() -> None:
    case = _nights((50, 0))
    assert values(case, "DAOH90", Basis(START + timedelta(days=60)))[""].reason == "pending"
    assert values(case, "DAOH90")[""].reason == "follow_up_too_short"


def test_share_of_life_on_radiotherapy() -> None:
    """Uno 2024: from day 0 to day 16, death on day 18."""
    course = radiotherapy(end=day(16), completed="truncated")
    (found,) = values(
        treated([], [], radiotherapy=[course], death=a_death(day(18)), follow_up=[]), "RTSHARE"
    ).values()
    assert found.value == {"days_on_radiotherapy": 17, "days_left": 18, "share": 17 / 18}
    assert found.flags == ("death_within_30_days", "not_completed")
    assert "94%" in found.explanation


@pytest.mark.parametrize(("died", "near"), [(30, True), (31, False)])
def test_death_within_30_days(died: int, near: bool) -> None:
    (found,) = values(treated([], [], death=a_death(day(died)), follow_up=[]), "RTSHARE").values()
    assert ("death_within_30_days" in found.flags) is near


def test_the_living_have_no_share() -> None:
    (found,) = values(treated([], []), "RTSHARE").values()
    assert (found.value, found.reason) == (None, "alive")

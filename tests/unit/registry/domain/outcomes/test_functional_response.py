"""Functional response: thresholds, duration, baseline; and the composite with the response of the pain."""

from typing import Any

import pytest

from registry.domain.outcomes.outcome import Derived
from tests.factories import a_record
from tests.factories_case import opioid, pain, treated, values


def _function(day: str, **more: Any) -> dict[str, Any]:
    return a_record("function", assess_date=day, **more)


def _case(*functions: dict[str, Any], nrs: int = 4, **more: Any) -> Any:
    told = [pain("2025-03-04", 8), pain("2025-05-15", nrs)]
    return treated(told, [opioid(40)], function=list(functions), **more)


def _response(*functions: dict[str, Any], **more: Any) -> Derived:
    return values(_case(*functions, **more), "RESPFUNC")["1|RT-1"]


@pytest.mark.parametrize(
    ("before", "after", "gains"),
    [
        ({"thomas_fixed_flexion_deg": 30}, {"thomas_fixed_flexion_deg": 20}, ["flexion"]),
        ({"thomas_fixed_flexion_deg": 30}, {"thomas_fixed_flexion_deg": 21}, []),
        ({"thomas_fixed_flexion_deg": 12}, {"thomas_fixed_flexion_deg": 5}, ["flexion"]),
        ({"can_lie_supine": False}, {"can_lie_supine": True}, ["supine"]),
        ({"gait": "antalgic"}, {"gait": "normal"}, ["gait"]),
        ({"gait": "antalgic"}, {"gait": "aided"}, []),
        ({"ambulation": 2, "gait": "aided"}, {"ambulation": 2, "gait": "normal"}, []),
    ],
)
def test_thresholds(before: dict[str, Any], after: dict[str, Any], gains: list[str]) -> None:
    found = _response(_function("2025-03-04", **before), _function("2025-04-10", **after))
    assert found.value == {"impaired": True, "response": bool(gains), "gains": gains}


@pytest.mark.parametrize(
    ("course", "reason", "response"),
    [
        ([("2025-04-10", 3)], "unconfirmed", None),
        ([("2025-04-10", 3), ("2025-04-16", 3)], "unconfirmed", None),
        ([("2025-04-10", 3), ("2025-04-17", 3)], None, True),
        ([("2025-04-10", 3), ("2025-04-14", 2), ("2025-04-20", 3)], "unconfirmed", None),
        ([("2025-04-10", 2), ("2025-04-20", 1)], None, False),
    ],
)
def test_better_walking_must_last(
    course: list[tuple[str, int]], reason: str | None, response: bool | None
) -> None:
    found = _response(_function("2025-03-04", ambulation=2), *(_function(d, ambulation=a) for d, a in course))
    assert found.reason == reason
    assert found.value is not None
    assert found.value.get("response") == response


def test_who_was_not_impaired_cannot_get_better() -> None:
    found = _response(
        _function("2025-03-04", ambulation=4, gait="normal"), _function("2025-04-10", ambulation=4)
    )
    assert found.reason == "not_impaired"


def test_the_baseline_examination_counts() -> None:
    signs = [a_record("symptoms", side="left", gait="aided", sign_fixed_flexion="yes")]
    assert _response(_function("2025-04-10", gait="normal"), symptoms=signs).value == {
        "impaired": True,
        "response": True,
        "gains": ["gait"],
    }
    assert _response(symptoms=signs).reason == "no_function_assessment"
    assert _response(_function("2025-04-10", gait="normal")).reason == "no_baseline"


@pytest.mark.parametrize(("day", "counts"), [("2025-06-10", True), ("2025-06-11", False)])
def test_within_12_weeks_after_the_end(day: str, counts: bool) -> None:
    found = _response(_function("2025-03-04", can_lie_supine=False), _function(day, can_lie_supine=True))
    assert found.evaluable is counts


@pytest.mark.parametrize(
    ("nrs", "before", "after", "expected"),
    [
        (4, {"gait": "aided"}, {"gait": "normal"}, True),
        (4, {"gait": "aided"}, {"gait": "aided"}, False),
        (8, {"gait": "aided"}, {"gait": "normal"}, False),
        (4, {"gait": "normal"}, {"gait": "normal"}, True),
        (8, {"gait": "aided"}, None, False),
        (4, {"gait": "aided"}, None, None),
    ],
)
def test_the_syndrome_responds_when_pain_and_function_do(
    nrs: int, before: dict[str, Any], after: dict[str, Any] | None, expected: bool | None
) -> None:
    later = [_function("2025-04-10", **after)] if after else []
    found = values(_case(_function("2025-03-04", **before), *later, nrs=nrs), "RESPMPS")["1|RT-1"]
    assert (found.value["response"] if found.value else None) is expected
    assert found.reason == ("no_function_assessment" if expected is None else None)

"""The three cases of Takamatsu et al. 2018, and another published patient, as derived."""

from typing import Any

import pytest

from registry.domain.case import Case
from registry.domain.literature.published import published_cases
from registry.domain.outcomes.outcome import Value
from registry.domain.reading import read_submission
from tests.factories_case import a_case, a_patient, an_episode, opioid, pain, radiotherapy, values

COURSE = {1: "1|RT-3", 2: "1|RT-1", 3: "1|CT-1"}


def case(number: int) -> Case:
    submission, _ = read_submission(published_cases()[number - 1])
    assert submission is not None
    return Case.of(submission.versions)


def _value(number: int, outcome: str, subject: str) -> Value:
    found = values(case(number), outcome)[subject].value
    assert found is not None
    return found


@pytest.mark.parametrize(("number", "found"), [(1, "probable"), (2, "definite"), (3, "definite")])
def test_class(number: int, found: str) -> None:
    assert _value(number, "MPSCLASS", "1") == {"class": found}


@pytest.mark.parametrize(("number", "bounds"), [(1, (228, 274)), (2, (197, 244))])
def test_survival_is_an_interval_from_a_disputed_origin(number: int, bounds: tuple[int, int]) -> None:
    for outcome in ("OSONS", "OSDX"):
        found = values(case(number), outcome)[""]
        assert found.value is not None
        assert (found.value["days"], found.value["days_lo"], found.value["days_hi"]) == (None, *bounds)
        assert found.flags == ("disputed_origin", "published_duration")
    assert values(case(number), "OSTRT")[""].reason == "no_origin"


def test_the_third_patient_lives_and_nobody_says_until_when() -> None:
    for outcome in ("OSONS", "OSDX", "OSTRT"):
        found = values(case(3), outcome)[""]
        assert found.reason == "no_last_contact"
        assert found.value == {"event": 0, "days_lo": 213}  # more than 7 months after the end of chemotherapy


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_consensus_category_without_scores(number: int) -> None:
    found = values(case(number), "RESP")
    assert set(found) == {f"{COURSE[number]}|best"}
    assert found[f"{COURSE[number]}|best"].reason == "missing_nrs"


@pytest.mark.parametrize(
    ("number", "narrative", "assisted", "relapse"),
    [
        (1, "improved", None, "yes"),
        (2, "marked_improvement", "PR_assisted", "no"),
        (3, "near_complete", None, "no"),
    ],
)
def test_narrative_and_assisted_response(
    number: int, narrative: str, assisted: str | None, relapse: str
) -> None:
    found = _value(number, "RESPNARR", COURSE[number])
    assert (found["narrative"], found["assisted"], found["pain_relapse"]) == (narrative, assisted, relapse)


@pytest.mark.parametrize(
    ("number", "reason", "gains"),
    [(1, None, ["gait"]), (2, None, ["walking"]), (3, "no_function_assessment", None)],
)
def test_functional_response(number: int, reason: str | None, gains: list[str] | None) -> None:
    found = values(case(number), "RESPFUNC")[COURSE[number]]
    assert found.reason == reason
    assert (found.value or {}).get("gains") == gains


@pytest.mark.parametrize(
    ("number", "time", "cdc_2022", "cdc_2017", "least", "per_rescue"),
    [
        (1, "outpatient", 40, 20, 40, None),
        (1, "admission", None, None, 30, 7.5),
        (1, "escalation", None, None, 90, 7.5),
        (2, "admission", 15, 15, 15, None),
        (2, "escalation", 60, 60, 60, None),
        (3, "start", None, None, 30, 7.5),
        (3, "escalation", None, None, 0, None),
        (3, "rotation", None, None, 0, None),
    ],
)
def test_opioid_dose_by_time_point(
    number: int, time: str, cdc_2022: float, cdc_2017: float, least: float, per_rescue: float
) -> None:
    found = _value(number, "OMEDD", time)
    assert (found["by_table"]["CDC-2022"], found["by_table"]["CDC-2017"]) == (cdc_2022, cdc_2017)
    assert (found["at_least_mg_per_day"], found["mg_per_unknown_rescue"]) == (least, per_rescue)


def test_the_opioids_of_the_second_patient_were_stopped() -> None:
    found = _value(2, "RESP", "1|RT-1|best")
    assert (found["d0_mg"], found["dt_mg"], found["days_from_start"]) == (60, 0, 14)
    assert "at least 60 to 0 mg" in values(case(2), "RESPNARR")["1|RT-1"].explanation


def _at(days: int, nrs: int, site: str) -> dict[str, Any]:
    offset = {"value": days, "unit": "d", "origin": "treatment_start"}
    return pain(None, nrs, at=offset, pain_site=site)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("site", "before", "after", "category"), [("hip", 4, 0, "CR"), ("low_back", 10, 7, "PR")]
)
def test_scores_at_stated_times(site: str, before: int, after: int, category: str) -> None:
    """Inoue 2024: 22 Gy; lumbar pain 10 to 7 and hip pain 4 to 0 on day 8; opioids not stated."""
    forms: dict[str, Any] = {
        "patient": a_patient(source_type="literature", enrolment_date=None),
        "mps_episode": an_episode(mps_onset=None, mps_dx_date=None),
        "radiotherapy": [radiotherapy(None, None, delivered_dose_gy=22, delivered_fractions=11)],
        "pain_assessment": [_at(0, before, site), _at(8, after, site)],
    }
    (found,) = values(a_case(**forms), "RESP").values()
    assert found.reason == "missing_omedd"
    assert found.value is not None
    assert (found.value["day"], found.value["pain_only"]) == (8, category)
    end = {"value": 8, "unit": "d", "origin": "treatment_start"}
    stable = [opioid(80, None, time_point="before", end_at={**end, "value": 60})]
    (unknown,) = values(a_case(**forms, analgesic=stable), "RESP").values()
    assert unknown.reason == "missing_omedd"  # that it stayed the same is not stated
    stopped = [opioid(80, None, time_point="before", end_at=end)]
    (known,) = values(a_case(**forms, analgesic=stopped), "RESP").values()
    assert known.value is not None
    assert (known.value["category"], known.value["d0_mg"], known.value["dt_mg"]) == (category, 120, 0)
    (time,) = values(a_case(**forms, analgesic=stopped), "TTRESP").values()
    assert time.value == {"event": 1, "cause": None, "days": 8, "days_after": 0}

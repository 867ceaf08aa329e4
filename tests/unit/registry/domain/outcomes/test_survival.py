"""Survival: the worked values of partial dates, censoring, delayed entry, and published durations."""

from datetime import date

import pytest

from registry.domain.outcomes.outcome import Basis, Derived
from registry.domain.outcomes.published_survival import published_days
from tests.factories_case import a_case, a_death, a_patient, an_episode, pain, radiotherapy, seen, values


def _onset(**forms: object) -> Derived:
    return values(a_case(**forms), "OSONS")[""]


def test_onset_known_to_the_month() -> None:
    found = _onset(mps_episode=an_episode(mps_onset="2024-03", mps_dx_date=None), death=a_death("2024-11-12"))
    assert found.value is not None
    assert (found.value["days"], found.value["days_lo"], found.value["days_hi"]) == (242, 226, 256)
    assert (found.value["start"], found.value["start_imputed"]) == ("2024-03-15", "D")
    assert found.flags == ("imputed_origin", "no_enrolment_date")
    assert found.explanation == (
        "Died 242 days (8.0 months) after symptom onset; the onset is known to the month, so the time "
        "lies between 226 "
        "and 256 days."
    )


def test_a_diagnosis_narrows_an_onset_known_to_the_year() -> None:
    found = _onset(
        mps_episode=an_episode(mps_onset="2023", mps_dx_date="2023-09-10"), death=a_death("2024-05")
    )
    assert found.value is not None
    assert (found.value["days_lo"], found.value["days_hi"]) == (234, 516)
    assert (found.value["start"], found.value["end"]) == ("2023-07-01", "2024-05-15")
    assert "wide_bounds" in found.flags


def test_an_imputed_day_that_its_neighbours_rule_out_moves() -> None:
    found = _onset(
        mps_episode=an_episode(mps_onset="2024-09", mps_dx_date="2024-09-10"),
        follow_up=[seen("2025-05-20")],
        death=a_death("2025-05"),
    )
    assert found.value is not None
    assert (found.value["start"], found.value["end"]) == ("2024-09-10", "2025-05-20")
    assert "wide_bounds" not in found.flags


@pytest.mark.parametrize(("hi", "wide"), [("2024-03-31", False), ("2023", True)])
def test_bounds_up_to_62_days_are_not_wide(hi: str, wide: bool) -> None:
    onset = hi[:7] if not wide else hi
    found = _onset(mps_episode=an_episode(mps_onset=onset, mps_dx_date=None), death=a_death("2024-11"))
    assert ("wide_bounds" in found.flags) is wide


def test_delayed_entry() -> None:
    found = _onset(patient=a_patient(), mps_episode=an_episode(), death=a_death("2025-04-10"))
    assert found.value is not None
    assert (found.value["days"], found.value["entry_days"], found.value["event"]) == (90, 51, 1)
    assert found.flags == ()
    at_once = _onset(patient=a_patient(), mps_episode=an_episode(), death=a_death("2025-03-02"))
    assert at_once.flags == ("never_at_risk",)
    before = _onset(
        patient=a_patient(enrolment_date="2025-01-05"), mps_episode=an_episode(), death=a_death("2025-04-10")
    )
    assert before.value is not None
    assert before.value["entry_days"] == 0


def test_death_on_the_day_of_onset_counts_half_a_day() -> None:
    episode = an_episode(mps_dx_date=None)
    found = _onset(
        patient=a_patient(enrolment_date="2025-01-10"), mps_episode=episode, death=a_death("2025-01-10")
    )
    assert found.value is not None
    assert found.value["days"] == 0.5
    assert found.flags == ("zero_duration",)


def test_the_last_certain_day_of_life_censors() -> None:
    found = _onset(
        mps_episode=an_episode(),
        pain_assessment=[pain("2025-05-02", 3)],
        follow_up=[
            seen("2025-04-20"),
            seen("2025-06-01", vital_status="unknown"),
            seen("2025-07-01", next_due="2025-08-01", vital_status="unknown"),
        ],
    )
    assert found.value is not None
    assert (found.value["days"], found.value["event"], found.value["censored_by"]) == (112, 0, "last_contact")
    assert "at the last contact on 2025-05-02" in found.explanation


def test_a_contact_known_to_the_month_proves_its_first_day() -> None:
    found = _onset(mps_episode=an_episode(), follow_up=[seen("2025-05")])
    assert found.value is not None
    assert found.value["end"] == "2025-05-01"


def test_lost_to_follow_up_is_censored_when_last_known_alive() -> None:
    lost = seen("2025-09-01", vital_status="unknown", lost_to_followup={"last_known_alive": "2025-04-11"})
    found = _onset(mps_episode=an_episode(), follow_up=[lost])
    assert found.value is not None
    assert (found.value["end"], found.value["censored_by"]) == ("2025-04-11", "lost")


def test_withdrawal_censors_on_its_day() -> None:
    consent = {
        "consent_type": "written",
        "version": "1",
        "date": "2025-03-01",
        "scopes": ["registry_use"],
        "withdrawal": {
            "level": "no_further_collection",
            "date": "2025-05-10",
            "effective_from": "2025-05-12",
        },
    }
    found = _onset(mps_episode=an_episode(), consent=[consent], death=a_death("2025-08-01"))
    assert found.value is not None
    assert (found.value["end"], found.value["event"], found.value["censored_by"]) == (
        "2025-05-12",
        0,
        "withdrawal",
    )
    contact = {**consent, "withdrawal": {"level": "no_further_contact", "date": "2025-05-10"}}
    died = _onset(mps_episode=an_episode(), consent=[contact], death=a_death("2025-08-01"))
    assert died.value is not None
    assert died.value["event"] == 1


@pytest.mark.parametrize(
    ("cutoff", "days", "event", "why"),
    [
        (date(2025, 6, 1), 142, 0, "cut_off"),
        (date(2025, 8, 1), 203, 1, None),
        (date(2025, 12, 1), 203, 1, None),
    ],
)
def test_the_cut_off(cutoff: date, days: int, event: int, why: str | None) -> None:
    case = a_case(mps_episode=an_episode(), death=a_death("2025-08-01"))
    found = values(case, "OSONS", Basis(cutoff))[""]
    assert found.value is not None
    assert (found.value["days"], found.value["event"], found.value["censored_by"]) == (days, event, why)


def test_the_dead_are_never_censored_as_living() -> None:
    found = _onset(mps_episode=an_episode(), follow_up=[seen("2025-05-01")], death=a_death(None))
    assert (found.value, found.reason) == (None, "no_death_date")
    told = _onset(mps_episode=an_episode(), follow_up=[seen("2025-05-01", vital_status="dead")])
    assert told.reason == "no_death_date"


def test_the_three_origins() -> None:
    case = a_case(mps_episode=an_episode(), radiotherapy=[radiotherapy()], death=a_death("2025-05-01"))
    for name, days in (("OSONS", 111), ("OSDX", 70), ("OSTRT", 57)):
        found = values(case, name)[""].value
        assert found is not None
        assert found["days"] == days
    untreated = a_case(mps_episode=an_episode(), death=a_death("2025-05-01"))
    assert values(untreated, "OSTRT") == {}


def test_contradictory_dates_keep_their_bounds() -> None:
    found = _onset(
        mps_episode=an_episode(mps_onset="2025-06", mps_dx_date="2025-02-20"), death=a_death("2025-07-01")
    )
    assert found.value is not None
    assert found.value["days_hi"] == 30
    assert "contradictory_dates" in found.flags


@pytest.mark.parametrize(
    ("months", "days"),
    [(8, (228, 274)), (7, (197, 244)), (0, (0, 31)), (5.5, (165, 171)), (12, (350, 396))],
)
def test_published_months_are_an_interval(months: float, days: tuple[int, int]) -> None:
    assert published_days(months) == days
    assert days[0] <= months * 30.4375 < days[1]


def test_a_published_duration_is_never_dated_and_its_origin_may_be_disputed() -> None:
    stated = {"months": 8, "origins": ["symptom_onset", "mps_diagnosis"]}
    death = a_death(None, published_survival=stated)
    case = a_case(mps_episode=an_episode(mps_onset=None, mps_dx_date=None), death=death)
    found = values(case, "OSONS")[""]
    assert found.value is not None
    assert (found.value["days"], found.value["days_lo"], found.value["days_hi"]) == (None, 228, 274)
    assert found.flags == ("disputed_origin", "published_duration")

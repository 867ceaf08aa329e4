"""The opioid dose of a day: which records are in force, and what leaves it unknown."""

from typing import Any

import pytest

from registry.domain.outcomes.outcome import Derived
from tests.factories import a_record
from tests.factories_case import a_case, opioid, pain, values

NAPROXEN = {"drug_name": "naproxen", "drug_class": "nsaid", "start": "2025-02-01"}


def _on(day: str, *analgesics: dict[str, Any]) -> Derived:
    case = a_case(pain_assessment=[pain(day, 5)], analgesic=list(analgesics))
    return values(case, "OMEDD")[day]


def _mg(day: str, *analgesics: dict[str, Any]) -> float | None:
    found = _on(day, *analgesics)
    return None if found.value is None else found.value["mg_per_day"]


@pytest.mark.parametrize(
    ("day", "mg"), [("2025-02-28", 0), ("2025-03-01", 30), ("2025-03-10", 30), ("2025-03-11", 0)]
)
def test_a_record_holds_from_its_first_to_its_last_day(day: str, mg: float) -> None:
    assert _mg(day, opioid(20, "2025-03-01", "2025-03-10")) == mg


def test_rescue_doses_count_when_taken() -> None:
    rescue = {"rescue_dose": 5, "rescue_unit": "mg"}
    assert _mg("2025-03-01", opioid(20, **rescue, rescue_taken_24h=4)) == 60
    unknown = _on("2025-03-01", opioid(20, **rescue))
    assert unknown.reason == "missing_omedd"
    assert unknown.value is not None
    assert (unknown.value["at_least_mg_per_day"], unknown.value["mg_per_unknown_rescue"]) == (30, 7.5)
    on_demand = opioid(0, dose_value=None, **rescue, rescue_taken_24h=2)
    on_demand["missing"] = {"dose_value": "not_applicable"}
    assert _mg("2025-03-01", on_demand) == 15


def test_administrations_and_totals_of_a_day() -> None:
    assert _mg("2025-03-01", opioid(20, dose_value=20, dose_unit="mg", frequency=2)) == 60
    assert _mg("2025-03-01", opioid(20, dose_value=20, dose_unit="mg", per_day=60)) == 90
    assert _on("2025-03-01", opioid(20, dose_value=20, dose_unit="mg")).flags == ("dose_unknown",)


def test_on_the_day_of_a_change_the_new_dose_counts() -> None:
    before, after = opioid(20, "2025-02-01", "2025-03-01"), opioid(40, "2025-03-01")
    found = _on("2025-03-01", before, after)
    assert found.value is not None
    assert found.value["mg_per_day"] == 60
    assert found.flags == ("opioid_changed_that_day",)
    rotated = opioid(20, "2025-02-01", "2025-03-01", stop_reason="rotation")
    morphine = opioid(30, "2025-03-01", drug_name="morphine")
    assert _mg("2025-03-01", rotated, morphine) == 30
    assert _mg("2025-03-01", opioid(20, "2025-02-01", "2025-03-01"), morphine) == 60


def test_an_open_dose_gives_way_to_the_next_of_the_same_drug() -> None:
    assert _mg("2025-03-05", opioid(20, "2025-02-01"), opioid(40, "2025-03-01")) == 60
    assert _mg("2025-02-15", opioid(20, "2025-02-01"), opioid(40, "2025-03-01")) == 30
    assert _mg("2025-03-05", opioid(20, "2025-02-01"), opioid(40, "2025-03-01") | {"form": "IR"}) == 90
    assert "opioid_assumed_replaced" in _on("2025-03-05", opioid(20), opioid(40, "2025-03-01")).flags


def test_partial_dates_are_imputed_and_flagged() -> None:
    found = _on("2025-03-20", opioid(20, "2025-03"))
    assert found.value is not None
    assert found.value["mg_per_day"] == 30
    assert found.flags == ("opioid_dates_imputed",)
    assert _mg("2025-03-10", opioid(20, "2025-03")) == 0
    assert _on("2025-04-01", opioid(20, "2025-03")).flags == ()
    assert _on("2025-04-01", opioid(20, None)).flags == ("opioid_start_unknown",)


def test_no_record_at_all_is_no_zero() -> None:
    nothing = _on("2025-03-01")
    assert (nothing.value, nothing.reason, nothing.flags) == (None, "missing_omedd", ("no_analgesic_record",))
    assert _mg("2025-03-01", a_record("analgesic", **NAPROXEN)) == 0
    assert (
        _mg("2025-03-01", a_record("analgesic", drug_name="none", drug_class="other", start="2025-02-01"))
        == 0
    )


def test_what_has_no_fixed_equivalent_is_flagged_and_not_computed() -> None:
    found = _on("2025-03-01", opioid(20, drug_name="methadone"), opioid(20))
    assert (found.reason, found.flags) == ("methadone_or_neuraxial_flag", ("methadone",))
    assert found.value is not None
    assert (found.value["mg_per_day"], found.value["at_least_mg_per_day"]) == (None, 30)


def test_an_opioid_without_a_class_is_known_by_its_name() -> None:
    assert _mg("2025-03-01", opioid(20, drug_class=None)) == 30


def test_adjuvants_stand_beside_the_dose() -> None:
    steroid = a_record(
        "analgesic", drug_name="betamethasone", drug_class="steroid", start="2025-02-01", end="2025-03-01"
    )
    found = _on("2025-03-01", opioid(20), steroid)
    assert found.value is not None
    assert (found.value["mg_per_day"], found.value["adjuvants"]) == (30, ["steroid"])


def test_the_table_decides() -> None:
    found = _on("2025-03-01", opioid(200, drug_name="tramadol"))
    assert found.value is not None
    assert (found.value["by_table"]["CDC-2022"], found.value["by_table"]["CDC-2017"]) == (40, 20)
    assert found.value["mg_per_day"] == 40

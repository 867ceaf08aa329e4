"""ADaM: zero is the event, nothing imputed is silent, responses are those of the registry."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories_export import frozen, published, write

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def adam(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    folder = tmp_path_factory.mktemp("adam")
    write("adam", folder)
    return {name: rows(folder / f"{name}.json") for name in ("adsl", "adtte", "adrs", "adpain")}


def rows(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_bytes())
    names = [column["name"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def of(found: list[dict[str, Any]], site: str, **where: Any) -> list[dict[str, Any]]:
    return [row for row in found if row["SITEID"] == site and all(row[k] == v for k, v in where.items())]


def test_there_is_one_subject_for_each_case_that_is_not_published(adam: Rows) -> None:
    assert [row["SUBJID"] for row in adam["adsl"]] == [case.registry_id for case in frozen()]
    published_ids = {case.registry_id for case in published()}
    assert not published_ids & {row["USUBJID"].removeprefix("MPS-") for name in adam for row in adam[name]}


def test_censor_is_the_inverse_of_the_event(adam: Rows) -> None:
    events = {
        case.registry_id: value["value"]["event"]
        for case in frozen()
        if (value := case.value("OSONS")) and value["value"]
    }
    for row in (row for row in adam["adtte"] if row["PARAMCD"] == "OSONS"):
        died = events[row["USUBJID"].removeprefix("MPS-")] == 1
        assert (row["CNSR"] == 0) is died
        assert (row["EVNTDESC"] == "DEATH") is died
        assert (row["CNSDTDSC"] is None) is died
        assert row["SRCVAR"] == ("DTHDT" if died else "EOSDT")
    assert {row["CNSR"] for row in adam["adtte"]} == {0, 3}  # one withdrew


def test_the_value_is_the_days_from_origin_to_analysis_date(adam: Rows) -> None:
    assert len(adam["adtte"]) == 12
    for row in adam["adtte"]:
        days = date.fromisoformat(row["ADT"]) - date.fromisoformat(row["STARTDT"])
        assert row["AVAL"] == days.days
        assert row["AVALLO"] <= row["AVAL"] <= row["AVALHI"]


def test_an_imputed_origin_is_flagged_and_bounded(adam: Rows) -> None:
    (row,) = of(adam["adtte"], "KND", PARAMCD="OSONS")  # onset 2025-01
    assert (row["STARTDT"], row["STARTDTF"], row["ADT"], row["ADTF"]) == (
        "2025-01-15",
        "D",
        "2025-10-03",
        None,
    )
    assert (row["AVAL"], row["AVALLO"], row["AVALHI"], row["ENTRYDAY"]) == (261, 245, 275, 36)
    (subject,) = of(adam["adsl"], "KND")
    assert (subject["ONSETDT"], subject["ONSETDTF"]) == ("2025-01-15", "D")


def test_the_treatment_is_the_kind_of_the_treatments(adam: Rows) -> None:
    assert sorted(row["TRT01P"] for row in adam["adsl"]) == ["CHEMO", "RT", "RT", "RT"]
    (subject,) = of(adam["adsl"], "KND")
    assert (subject["TRTSDT"], subject["TRTEDT"]) == ("2025-02-24", "2025-02-28")
    assert (subject["DTHFL"], subject["DTHCAUS"], subject["EOSSTT"]) == (
        "Y",
        "CANCER PROGRESSION",
        "DISCONTINUED",
    )
    assert (subject["AGE"], subject["SEX"], subject["COUNTRY"]) == (91, "M", "JPN")


def test_population_flags_are_never_empty(adam: Rows) -> None:
    assert {row[flag] for row in adam["adsl"] for flag in ("FASFL", "ENRLFL")} <= {"Y", "N"}
    assert all(row["FASFL"] in ("Y", "N") for name in ("adtte", "adrs", "adpain") for row in adam[name])


def test_pain_response_and_tumour_response_are_two_parameters(adam: Rows) -> None:
    mine = of(adam["adrs"], "KND")
    assert {row["PARAMCD"] for row in mine} == {"PAINRESP", "BOR"}
    derived = {
        row["subject"].split("|")[2]: row["value"]["category"]
        for case in frozen()
        if case.site == "KND"
        for row in case.derived
        if row["outcome"] == "RESP" and row["value"] and row["subject"].count("|") == 2
    }
    shown = {row["AVISIT"]: row["AVALC"] for row in mine if row["PARAMCD"] == "PAINRESP"}
    assert shown["MONTH 2"] == (derived["M2"] or "NE")
    assert {(row["CRSID"], row["AVALC"]) for row in mine if row["PARAMCD"] == "BOR"} == {
        ("RT-1", "PR"),
        ("ST-1", "PD"),
    }


def test_the_primary_flag_marks_month_two_of_the_index_treatment(adam: Rows) -> None:
    for row in (row for row in adam["adrs"] if row["ANL01FL"] == "Y"):
        assert (row["PARAMCD"], row["AVISIT"]) == ("PAINRESP", "MONTH 2")
        assert row["AVAL"] == ["CR", "PR", "IR", "PP"].index(row["AVALC"]) + 1


def test_change_is_from_the_baseline_of_the_index_treatment(adam: Rows) -> None:
    mine = of(adam["adpain"], "KND", PARAMCD="NRSWORST", ASIDE="LEFT")
    assert [(row["ADT"], row["AVAL"], row["ABLFL"], row["CHG"], row["PCHG"]) for row in mine] == [
        ("2025-02-20", 8, "Y", None, None),
        ("2025-03-31", 4, None, -4, -50),
        ("2025-04-28", 0, None, -8, -100),
    ]
    assert all(row["BASE"] == 8 for row in mine)


def test_there_is_no_relative_day_zero(adam: Rows) -> None:
    for row in adam["adpain"]:
        (subject,) = [one for one in adam["adsl"] if one["USUBJID"] == row["USUBJID"]]
        start, day = date.fromisoformat(subject["TRTSDT"]), date.fromisoformat(row["ADT"])
        assert row["ADY"] != 0
        assert start + timedelta(row["ADY"] - (row["ADY"] > 0)) == day


def test_opioid_dose_has_its_own_baseline(adam: Rows) -> None:
    mine = of(adam["adpain"], "KND", PARAMCD="OMEDD")
    (base,) = [row for row in mine if row["ABLFL"] == "Y"]
    assert base["ADT"] == "2025-02-20"
    assert base["AVAL"] == base["BASE"] > 0
    assert all(row["CHG"] == row["AVAL"] - row["BASE"] for row in mine if row["ADY"] > 1)

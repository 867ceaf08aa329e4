"""SDTM: what the conformance rules of SDTMIG 3.4 ask of these domains, and what the registry's cases become."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from registry.domain.case import Case, Version
from registry.domain.dates import PartialDate
from registry.domain.forms import FORMS_BY_NAME
from registry.formats.cdisc.sdtm import ce, cm, mh
from registry.formats.cdisc.sdtm.dm import age
from registry.formats.cdisc.subject import Subject, country, upper
from tests.factories_export import ABOUT, exported, write

Rows = dict[str, list[dict[str, Any]]]
DOMAINS = ("cm", "dd", "dm", "ds", "mh", "pr", "qs", "rs", "tr", "tu")


@pytest.fixture(scope="module")
def sdtm(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    folder = tmp_path_factory.mktemp("sdtm")
    write("sdtm", folder)
    return {path.stem: rows(path) for path in folder.glob("*.json") if path.stem != "manifest"}


def rows(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_bytes())
    names = [column["name"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def mine(sdtm: Rows, domain: str) -> list[dict[str, Any]]:
    (subject,) = [row["USUBJID"] for row in sdtm["dm"] if row["SITEID"] == "KND"]
    return [row for row in sdtm[domain] if row["USUBJID"] == subject]


def test_every_subject_of_a_domain_is_in_dm(sdtm: Rows) -> None:
    subjects = {row["USUBJID"] for row in sdtm["dm"]}
    assert all(row["USUBJID"] in subjects for domain in sdtm for row in sdtm[domain])
    assert len({row["SUBJID"] for row in sdtm["dm"]}) == len(sdtm["dm"]) == 4


def test_study_days_have_no_zero_and_fit_their_dates(sdtm: Rows) -> None:
    references = {row["USUBJID"]: date.fromisoformat(row["RFSTDTC"]) for row in sdtm["dm"]}
    checked = 0
    for domain in DOMAINS:
        for row in sdtm[domain]:
            for name in [name for name in row if re.fullmatch(rf"{domain.upper()}(ST|EN)?DTC", name)]:
                written, day = row[name], row[name.replace("DTC", "DY")]
                if written is None or len(written) < 10:
                    assert day is None
                else:
                    days = (date.fromisoformat(written) - references[row["USUBJID"]]).days
                    assert day == (days + 1 if days >= 0 else days) != 0
                    checked += 1
    assert checked > 100


def test_partial_dates_stay_partial(sdtm: Rows) -> None:
    assert [row["MHSTDTC"] for row in mine(sdtm, "mh")] == ["2012", "2021-05", "2025-01", "2025-02-14"]
    assert {row["CMSTDTC"] for row in mine(sdtm, "cm")} >= {"2025-02"}
    assert sdtm["dm"][0]["BRTHDTC"] == "1934-05"


def test_sequence_numbers_are_unique_and_in_order_of_time(sdtm: Rows) -> None:
    for domain in DOMAINS:
        number = f"{domain.upper()}SEQ"
        if number not in sdtm[domain][0]:
            continue
        last: dict[str, int] = {}
        for row in sdtm[domain]:
            assert row[number] == last.get(row["USUBJID"], 0) + 1
            last[row["USUBJID"]] = row[number]
    for domain in ("cm", "pr", "ds", "mh"):
        starts = [row[f"{domain.upper()}STDTC"] or "" for row in mine(sdtm, domain)]
        assert starts == sorted(starts)


def test_clinical_rows_have_an_epoch(sdtm: Rows) -> None:
    references = {row["USUBJID"]: row["RFSTDTC"] for row in sdtm["dm"]}
    for domain in ("cm", "pr", "ds", "qs", "rs", "tr", "tu"):
        for row in sdtm[domain]:
            started = row.get(f"{domain.upper()}STDTC") or row.get(f"{domain.upper()}DTC")
            before = started[:10] < references[row["USUBJID"]][: len(started)]
            assert row["EPOCH"] == ("SCREENING" if before else "FOLLOW-UP")


def test_nobody_has_an_arm_and_the_reason_is_given(sdtm: Rows) -> None:
    for row in sdtm["dm"]:
        assert {row[name] for name in ("ARM", "ARMCD", "ACTARM", "ACTARMCD", "RFENDTC")} == {None}
        assert row["ARMNRS"] == "NOT ASSIGNED"


def test_death_is_told_once_and_everywhere_the_same(sdtm: Rows) -> None:
    for row in sdtm["dm"]:
        events = [
            d for d in sdtm["ds"] if d["USUBJID"] == row["USUBJID"] and d["DSCAT"] == "DISPOSITION EVENT"
        ]
        died = [d["DSSTDTC"] for d in events if d["DSDECOD"] == "DEATH"]
        assert (row["DTHFL"] == "Y") is bool(died)
        assert len(events) <= 1
        assert died in ([], [row["DTHDTC"]])


def test_participation_ends_after_every_observation(sdtm: Rows) -> None:
    ends = {row["USUBJID"]: row["RFPENDTC"] for row in sdtm["dm"]}
    for domain in ("qs", "rs", "tr", "tu", "dd"):
        for row in sdtm[domain]:
            assert (row[f"{domain.upper()}DTC"] or "") <= ends[row["USUBJID"]]


def test_numeric_results_are_in_both_columns(sdtm: Rows) -> None:
    for domain in ("qs", "rs", "tr"):
        for row in sdtm[domain]:
            text, number = row[f"{domain.upper()}STRESC"], row[f"{domain.upper()}STRESN"]
            assert text == row[f"{domain.upper()}ORRES"]
            assert (number is not None) == bool(re.fullmatch(r"-?\d+(\.\d+)?", text))
            assert number is None or float(text) == number


def test_codes_and_names_of_tests_are_one_to_one(sdtm: Rows) -> None:
    for domain in ("qs", "rs", "tr", "tu", "dd"):
        pairs = {(row[f"{domain.upper()}TESTCD"], row[f"{domain.upper()}TEST"]) for row in sdtm[domain]}
        assert len({code for code, _ in pairs}) == len({name for _, name in pairs}) == len(pairs)
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", code) and len(name) <= 40 for code, name in pairs)


def test_lesions_link_identification_to_results(sdtm: Rows) -> None:
    assert {row["TRLNKID"] for row in sdtm["tr"]} <= {row["TULNKID"] for row in sdtm["tu"]}
    assert [(row["TULNKID"], row["TULOC"], row["TULAT"], row["TUORRES"]) for row in mine(sdtm, "tu")] == [
        ("PSOAS-1-L", "ILIOPSOAS MUSCLE", "LEFT", "TARGET"),
        ("PSOAS-1-R", "ILIOPSOAS MUSCLE", "RIGHT", "TARGET"),
    ]
    assert [(row["TRLNKID"], row["TRSTRESN"]) for row in mine(sdtm, "tr")] == [
        ("PSOAS-1-L", 88),
        ("PSOAS-1-R", 18),
    ]


def test_each_target_has_its_own_dose(sdtm: Rows) -> None:
    courses = [row for row in mine(sdtm, "pr") if row["PRTRT"] == "RADIOTHERAPY"]
    assert [(row["PRSPID"], row["PRDOSE"], row["PRDOSU"], row["PRLOC"], row["PRLAT"]) for row in courses] == [
        ("RT-1", 22.5, "Gy", "ILIOPSOAS MUSCLE", "LEFT"),
        ("RT-2", 18, "Gy", None, None),
    ]
    fractions = {
        (row["IDVARVAL"], row["QNAM"]): row["QVAL"]
        for row in mine(sdtm, "supppr")
        if row["QNAM"] == "PRFRACTD"
    }
    assert fractions == {
        (str(row["PRSEQ"]), "PRFRACTD"): n for row, n in zip(courses, ("5", "6"), strict=True)
    }


def test_drugs_have_dose_unit_and_route(sdtm: Rows) -> None:
    drugs = {row["CMTRT"]: row for row in mine(sdtm, "cm")}
    assert set(drugs) == {
        "OXYCODONE",
        "FENTANYL",
        "PREGABALIN",
        "IRINOTECAN",
        "FLUOROURACIL",
    }  # not the declined one
    oxycodone = drugs["OXYCODONE"]
    assert (oxycodone["CMDOSE"], oxycodone["CMDOSU"], oxycodone["CMDOSFRQ"], oxycodone["CMDOSTOT"]) == (
        20,
        "mg",
        "BID",
        40,
    )
    assert (drugs["FENTANYL"]["CMDOSU"], drugs["FENTANYL"]["CMROUTE"]) == ("ug/h", "TRANSDERMAL")
    for row in sdtm["cm"]:
        assert row["CMDOSU"] or (row["CMDOSE"] is None and row["CMDOSTOT"] is None)
        assert (row["CMENRTPT"] is None) == (row["CMENTPT"] is None)
        assert row["CMDECOD"] not in (row["CMCAT"], row["CMSCAT"])


def test_the_inventory_is_named_only_where_its_items_came(sdtm: Rows) -> None:
    by_day = {(row["QSDTC"], row["QSCAT"]) for row in mine(sdtm, "qs")}
    assert ("2025-02-20", "BPI SHORT FORM") in by_day
    assert ("2025-03-31", "PAIN NUMERIC RATING SCALE") in by_day
    assert "BPI203" in {row["QSTESTCD"] for row in mine(sdtm, "qs")}


def test_supplemental_qualifiers_point_at_their_rows(sdtm: Rows) -> None:
    for domain in ("cm", "pr", "qs"):
        numbers = {(row["USUBJID"], str(row[f"{domain.upper()}SEQ"])) for row in sdtm[domain]}
        keys = Counter((r["USUBJID"], r["IDVARVAL"], r["QNAM"]) for r in sdtm[f"supp{domain}"])
        assert max(keys.values()) == 1
        assert {(subject, value) for subject, value, _ in keys} <= numbers
        labels = {(row["QNAM"], row["QLABEL"]) for row in sdtm[f"supp{domain}"]}
        assert len({name for name, _ in labels}) == len(labels)
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", name) and len(label) <= 40 for name, label in labels)


def subject(*records: tuple[str, dict[str, Any]], **patient: Any) -> Subject:
    forms = [("patient", {"source_type": "prospective"} | patient), *records]
    contents = [FORMS_BY_NAME[name].model_validate(values) for name, values in forms]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Subject(exported(Case.of(Version.of(content, at) for content in contents)), ABOUT)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-03-01", 1),
        ("2025-03-02", 2),
        ("2025-02-28", -1),
        ("2024-03-01", -365),
        ("2025-03", None),
        ("2025", None),
    ],
)
def test_the_reference_date_is_day_one_and_the_day_before_minus_one(written: str, day: int | None) -> None:
    assert subject(enrolment_date="2025-03-01").day(PartialDate.parse(written)) == day


@pytest.mark.parametrize(
    ("birth", "years"), [("1960", 65), ("1960-03-01", 65), ("1960-03-02", 64), (None, None)]
)
def test_age_is_as_exact_as_the_birth_is_known(birth: str | None, years: int | None) -> None:
    assert age(subject(enrolment_date="2025-03-01", birth=birth)) == years


def test_terms_are_capital_letters_of_ascii() -> None:
    assert upper("palliative_care_unit – Köln") == "PALLIATIVE CARE UNIT - KOLN"
    assert (country("JP"), country("DE"), country("XX"), country(None)) == ("JPN", "DEU", None, None)


def episode(number: int, **values: Any) -> tuple[str, dict[str, Any]]:
    return "mps_episode", {"episode_no": number, "side": "left"} | values


def test_what_begins_at_the_reference_date_is_no_history() -> None:
    first = episode(1, mps_onset="2025-02", mps_dx_date="2025-03-01")
    found = subject(
        first, episode(2, mps_onset="2025-03", mps_dx_date="2025-06-30"), enrolment_date="2025-03-01"
    )
    history = [(row["MHSPID"], row["MHEVDTYP"], row["MHSTDTC"]) for row in mh.DATA_SET.rows(found)]
    events = [(row["CESPID"], row["SUPP"][0][2], row["CESTDTC"]) for row in ce.DATA_SET.rows(found)]
    assert history == [("EPISODE 1", "SYMPTOM ONSET", "2025-02")]
    assert events == [
        ("EPISODE 1", "DIAGNOSIS", "2025-03-01"),
        ("EPISODE 2", "SYMPTOM ONSET", "2025-03"),
        ("EPISODE 2", "DIAGNOSIS", "2025-06-30"),
    ]


def test_a_start_without_a_date_was_before_the_end() -> None:
    def starts(**values: Any) -> list[tuple[Any, ...]]:
        drug = ("analgesic", {"drug_name": "morphine"} | values)
        rows = cm.DATA_SET.rows(subject(drug, enrolment_date="2025-03-01"))
        return [
            tuple(row.get(f"CM{name}") for name in ("STDTC", "STRTPT", "STTPT", "ENRTPT")) for row in rows
        ]

    assert starts(end="2025-05") == [(None, "BEFORE", "2025-05", None)]
    assert starts() == [(None, "BEFORE", "2025-03-01", "ONGOING")]
    assert starts(start="2025-04-01", end="2025-05") == [("2025-04-01", None, None, None)]

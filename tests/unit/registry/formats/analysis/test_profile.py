"""Sharing profiles: what leaves under safe harbour and in a limited data set."""

import csv
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from registry.formats.analysis.profile import year_bin
from registry.formats.exported import Profile
from registry.formats.folder import Folder
from registry.formats.outgoing import outgoing
from tests.factories_export import ABOUT, frozen, published, simulated

DATE = re.compile(r"\b(19|20)\d\d-\d\d(-\d\d)?\b")


def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in folder.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def write(folder: Path, profile: Profile, threshold: int = 11) -> dict[str, list[dict[str, str]]]:
    about = replace(ABOUT, profile=profile, threshold=threshold)
    cases = (*frozen(), *simulated(16, 2, 3), *published())
    outgoing("csv").write(iter(cases), about, Folder(folder))
    return tables(folder)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    return write(tmp_path_factory.mktemp("harbour"), "safe-harbour", 5)


def test_no_date_and_no_site_leaves_under_safe_harbour(harbour: dict[str, list[dict[str, str]]]) -> None:
    for name, rows in harbour.items():
        if name == "codebook":
            continue
        for row in rows:
            for column, cell in row.items():
                assert not DATE.search(cell), (name, column, cell)
                assert not re.search(r"SIM0|KND|LIT", cell), (name, column, cell)


def test_dates_become_days_from_onset(harbour: dict[str, list[dict[str, str]]]) -> None:
    (case,) = [row for row in harbour["cases"] if row["os_onset_exit"] == "261"]  # 2025-01-15 to 2025-10-03
    assert (case["onset"], case["diagnosis"], case["observed_to"]) == ("0", "30", "261")
    assert case["onset_years"] == "2024-2025"
    courses = [row for row in harbour["radiotherapy"] if row["case"] == case["case"]]
    assert [(row["record"], row["start"], row["end"]) for row in courses] == [
        ("1", "40", "44"),
        ("2", "138", "146"),
    ]


def test_ninety_is_the_oldest(harbour: dict[str, list[dict[str, str]]]) -> None:
    (case,) = [row for row in harbour["cases"] if row["os_onset_exit"] == "261"]
    assert case["age_at_onset_years"] == "90"  # born 1934-05: 91 in 2025
    assert "birth" not in harbour["patient"][0]


def test_few_cases_do_not_name_their_site_or_country(harbour: dict[str, list[dict[str, str]]]) -> None:
    sites = Counter(row["site"] for row in harbour["cases"])
    assert all(count >= 5 for site, count in sites.items() if site != "other")
    assert sites["other"] == 4  # one case of KND, three of the literature
    assert all(re.fullmatch(r"S\d\d|other", site) for site in sites)
    assert Counter(row["country"] for row in harbour["cases"])["other"] == 3


def test_cases_stand_in_random_order_under_random_names(tmp_path: Path) -> None:
    first, second = (write(tmp_path / str(i), "safe-harbour")["cases"] for i in range(2))
    assert [row["case"] for row in first] == sorted(row["case"] for row in first)
    assert not {row["case"] for row in first} & {row["case"] for row in second}

    def without_names(rows: list[dict[str, str]]) -> list[tuple[tuple[str, str], ...]]:
        return [tuple((k, v) for k, v in row.items() if k not in ("case", "site")) for row in rows]

    assert without_names(first) != without_names(second)
    assert sorted(without_names(first)) == sorted(without_names(second))


def test_rows_of_one_case_keep_one_name(harbour: dict[str, list[dict[str, str]]]) -> None:
    names = {row["case"] for row in harbour["cases"]}
    for name, rows in harbour.items():
        if name != "codebook":
            assert {row["case"] for row in rows} <= names


def test_names_that_hospitals_gave_stay_inside(
    harbour: dict[str, list[dict[str, str]]], tmp_path: Path
) -> None:
    limited = write(tmp_path, "limited")
    internal = {
        "rt_id",
        "record_key",
        "recorded_at",
        "target_volume_name",
        "regimen",
        "procedure",
        "drug_name",
    }
    for found in (harbour, limited):
        assert not internal & {column for rows in found.values() for row in rows[:1] for column in row}
    assert "psoas L" not in str(limited)


def test_a_limited_data_set_keeps_dates_and_sites(tmp_path: Path) -> None:
    found = write(tmp_path, "limited")
    (case,) = [row for row in found["cases"] if row["site"] == "KND"]
    assert (case["onset"], case["country"], case["age_at_onset_years"]) == ("2025-01-15", "JP", "91")
    assert case["case"].startswith("KND-")


def test_years_fall_into_bins_of_two() -> None:
    assert [year_bin(day) for day in ("2024-01-01", "2025-12-31", "2026-06-01", None)] == [
        "2024-2025",
        "2024-2025",
        "2026-2027",
        None,
    ]

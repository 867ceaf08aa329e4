"""Sharing profiles: what leaves under safe harbour and in a limited data set."""

import csv
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.case import Case, Version
from registry.domain.dates import PartialDate
from registry.domain.forms import FORMS, FORMS_BY_NAME
from registry.domain.forms.form import Form
from registry.formats.analysis.profile import Pool, year_bin
from registry.formats.exported import Profile
from registry.formats.folder import Folder
from registry.formats.outgoing import outgoing
from registry.formats.table import Column, Table
from tests.factories_export import ABOUT, exported, frozen, published, simulated
from tests.strategies import objects

AT = datetime(2026, 3, 4, tzinfo=UTC)
(KND,) = (case for case in frozen() if case.site == "KND")

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
    assert all(count >= 5 for count in sites.values())
    assert sites["other"] == 13  # one case of KND and three of the literature, which would be too few alone
    assert all(re.fullmatch(r"S\d\d|other", site) for site in sites)
    countries = Counter(row["country"] for row in harbour["cases"])
    assert countries == {"other": 23}  # with the three that have none, there is no JP any more


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        ({"A": 11, "B": 30}, {"A", "B"}),
        ({"A": 11, "B": 30, "C": 10}, {"B"}),
        ({"A": 11, "B": 30, "C": 6, "D": 5}, {"A", "B"}),
        ({"A": 3}, set()),
    ],
)
def test_a_pool_is_never_of_few(counts: dict[str, int], kept: set[str]) -> None:
    pool = Pool(Table("t", "", (Column("country", ""),)), 11)
    for name, count in counts.items():
        for _ in range(count):
            pool.count([name])
    assert {name for name in counts if pool.pooled([name]) == [name]} == kept


@pytest.mark.parametrize(("born", "told"), [("1936", "89"), ("1935-06", "90"), ("1960", "65")])
def test_age_and_survival_do_not_tell_that_someone_lived_to_ninety(
    born: str, told: str, tmp_path: Path
) -> None:
    records = [one for one in KND.case.all_versions() if one.form != "patient"]
    (patient,) = [one for one in KND.case.current.values() if one.form == "patient"]
    person = patient.content.model_copy(update={"birth": PartialDate.parse(born)})
    case = exported(Case.of([*records, Version.of(person, patient.recorded_at)]))
    about = replace(ABOUT, profile="safe-harbour")
    outgoing("csv").write(iter((case,)), about, Folder(tmp_path))
    (row,) = tables(tmp_path)["cases"]
    assert (row["age_at_onset_years"], row["os_onset_exit"]) == (told, "261")


def test_a_time_from_birth_is_no_way_around(tmp_path: Path) -> None:
    content = FORMS_BY_NAME["surgery"].model_validate(
        {"surgery_id": "1", "at": {"value": 92, "unit": "a", "origin": "birth"}}
    )
    for profile, told in (("internal", "92.0"), ("limited", ""), ("safe-harbour", "")):
        about = replace(ABOUT, profile=profile)
        folder = tmp_path / profile
        outgoing("csv").write(iter([exported(Case.of([Version.of(content, AT)]))]), about, Folder(folder))
        assert [row["at_value"] for row in tables(folder)["surgery"]] == [told]


NAME = "Taro Yamada 4711"


def test_nothing_a_hospital_could_write_leaves(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, numbers and addresses could stand in any text: no text is shared, wherever it was put."""
    monkeypatch.setattr(st, "text", lambda *_, max_size=16, **__: st.just(NAME[: max_size or 16]))
    of_each = st.tuples(*(objects(form).map(form.model_validate) for form in FORMS))

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(of_each)
    def holds(contents: tuple[Form, ...]) -> None:
        case = exported(Case.of(Version.of(one, AT) for one in contents))
        for profile in ("internal", "limited", "safe-harbour"):
            folder = tmp_path_factory.mktemp("shared")
            outgoing("csv").write(iter([case]), replace(ABOUT, profile=profile), Folder(folder))
            found = [path.stem for path in folder.glob("*.csv") if "Taro" in path.read_text("utf-8")]
            assert (profile == "internal") or found == [], profile
            seen.update((profile, one) for one in found)

    seen: set[tuple[str, str]] = set()
    holds()
    assert len(seen) > 5  # the texts were there


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
    days = (date(2024, 1, 1), date(2025, 12, 31), date(2026, 6, 1))
    assert [year_bin(day) for day in (*(one.toordinal() for one in days), None)] == [
        "2024-2025",
        "2024-2025",
        "2026-2027",
        None,
    ]

"""The data set for analysts: one row per case, the same values in every file format, nothing of the hospitals' words."""

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from registry.domain.analysis import AnalysisRow
from registry.domain.dictionary import variables
from registry.formats.analysis.case_table import case_fields
from registry.formats.analysis.form_tables import SECRET, WORDS, form_tables
from registry.formats.table import Column
from registry.spreadsheet import plain
from tests.factories_export import frozen, published, write


def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in folder.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("csv")
    write("csv", folder)
    return folder


def test_names_are_unique_and_short_enough_for_every_program() -> None:
    for name, fields in (("cases", case_fields()), *((one.name, one.fields) for one in form_tables())):
        names = [field.column.name for field in fields]
        assert len(set(names)) == len(names), name
        assert all(len(one) <= 32 and one.isidentifier() for one in names)
        assert all(field.column.label for field in fields)


def test_every_variable_is_exported_but_the_words_of_the_hospitals() -> None:
    sources = {field.column.source for one in form_tables() for field in one.fields}
    left_out = {f"{v.form}.{v.path}" for v in variables() if v.kind != "group"} - sources
    assert left_out == SECRET | {
        f"{v.form}.{v.path}" for v in variables() if v.free_text or v.path.rpartition(".")[2] in WORDS
    }


def test_every_figure_of_the_analysis_row_has_a_column_or_a_table() -> None:
    row = AnalysisRow.from_json(frozen()[0].analysis).as_json()
    used = {field.column.source.removeprefix("analysis row: ").partition(".")[0] for field in case_fields()}
    elsewhere = {
        "analysis_version",  # in the manifest
        "settled_on",
        "last_contact",  # an ordinal; the date is `observed_to`
        "toxicity",  # in the table of toxicity
        "scores",  # in the table of pain assessments
        "round_scores",
    }
    assert set(row) - used == elsewhere


def test_there_is_one_row_per_case_and_one_per_current_record(written: Path) -> None:
    found = tables(written)
    cases = (*frozen(), *published())
    assert [row["case"] for row in found["cases"]] == [case.registry_id for case in cases]
    for one in form_tables():
        if not one.group:
            count = sum(1 for case in cases for form, _ in case.case.current if form == one.form)
            assert len(found[one.name]) == count, one.name


def test_a_member_of_a_group_names_its_record(written: Path) -> None:
    found = tables(written)
    images = [row for row in found["mps_episode_imaging"] if row["case"].startswith("KND")]
    assert [(row["record"], row["member"], row["modality"], row["lesion_ap_mm"]) for row in images] == [
        ("1", "1", "CECT", "42.5"),
        ("1", "2", "MRI", "18.0"),
    ]


def test_a_partial_date_is_shown_as_sent_and_as_analysed(written: Path) -> None:
    (row,) = [row for row in tables(written)["mps_episode"] if row["case"].startswith("KND")]
    assert (row["mps_onset_sent"], row["mps_onset"], row["mps_onset_dtf"]) == ("2025-01", "2025-01-15", "D")
    assert (row["mps_dx_date_sent"], row["mps_dx_date"], row["mps_dx_date_dtf"]) == ("2025-02-14",) * 2 + (
        "",
    )


def test_a_choice_of_several_has_a_column_for_each_value(written: Path) -> None:
    (row,) = [row for row in tables(written)["mps_episode"] if row["case"].startswith("KND")]
    chosen = [name for name, value in row.items() if name.startswith("mechanism__") and value == "true"]
    assert chosen == ["mechanism__nodal_extension", "mechanism__intramuscular_me_0376"]
    assert row["mechanism__unknown"] == "false"


def test_survival_and_response_are_those_of_the_analysis_row(written: Path) -> None:
    for row, case in zip(tables(written)["cases"], (*frozen(), *published()), strict=True):
        analysis = AnalysisRow.from_json(case.analysis)
        survival = analysis.os_onset
        assert row["os_onset_exit"] == ("" if survival.exit is None else str(survival.exit))
        assert row["os_onset_event"] == {None: "", 0: "false", 1: "true"}[survival.event]
        if analysis.response_radiotherapy:
            assert row["rt_m2_category"] == (analysis.response_radiotherapy.M2.category or "")


def test_no_words_of_the_hospitals_and_no_token_leave(written: Path) -> None:
    everything = "".join(path.read_text("utf-8") for path in written.glob("*.csv"))
    for secret in ("so the wife said", "sleeps through", "Adenocarcinoma", "Wish of the patient", "k3:AbCd"):
        assert secret not in everything


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_spss_and_stata_hold_what_the_csv_holds(written: Path, tmp_path: Path, suffix: str) -> None:
    write({"sav": "spss", "dta": "stata"}[suffix], tmp_path)
    read = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}[suffix]
    columns = {"cases": [f.column for f in case_fields()]} | {
        one.name: [f.column for f in one.fields] for one in form_tables()
    }
    for name, rows in tables(written).items():
        if name == "codebook":
            continue
        found, about = read(str(tmp_path / f"{name}.{suffix}"), output_format="dict")
        assert about.number_rows == len(rows)
        for column in columns[name]:
            assert [_same(column, row[column.name]) for row in rows] == [
                None if value == "" else value for value in found[column.name]
            ], (name, column.name)
            if column.labels and column.numeric:
                assert about.variable_value_labels[column.name] == dict(column.labels)


def _same(column: Column, cell: str) -> Any:
    if cell == "":
        return None
    match column.kind:
        case "integer" | "number":
            return float(cell)
        case "flag":
            return cell == "true"
        case "code":
            return [value for value, _ in column.values].index(cell) + 1
        case "date":
            from datetime import date

            return date.fromisoformat(cell)
        case _:
            return plain(cell)


def test_the_codebook_describes_every_column_in_order(written: Path) -> None:
    found = tables(written)
    rows = found.pop("codebook")
    described: dict[str, list[str]] = {}
    for row in rows:
        described.setdefault(row["table"], []).append(row["variable"])
    for name in found:
        with (written / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            assert described[name] == next(csv.reader(file))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R")
def test_the_script_reads_the_tables_in_base_r(tmp_path: Path) -> None:
    write("r", tmp_path)
    code = (
        'source("load.R"); c <- mps$cases; '
        'cat(nrow(c), class(c$onset), levels(c$rt_m2_category), attr(c$omedd, "unit"), sum(c$os_onset_exit, na.rm = TRUE))'
    )
    done = subprocess.run(["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    cases = tables(tmp_path)["cases"]
    days = sum(int(row["os_onset_exit"] or 0) for row in cases)
    assert done.stdout.split() == [str(len(cases)), "Date", "CR", "PR", "IR", "PP", "mg/d", str(days)]


def test_the_manifest_has_a_checksum_for_each_file(written: Path) -> None:
    manifest = json.loads((written / "manifest.json").read_bytes())
    assert {one["file"] for one in manifest["files"]} == {path.name for path in written.glob("*.csv")}

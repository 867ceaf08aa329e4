"""What docs/exports.md says is so."""

import re
from pathlib import Path

from registry.formats.analysis.case_table import case_fields
from registry.formats.analysis.form_tables import form_tables
from registry.formats.cdisc import adam, sdtm
from registry.formats.cdisc.adam.adtte import CENSORED
from registry.formats.exported import About
from registry.formats.outgoing import FORMATS

TEXT = (Path(__file__).parents[3] / "docs" / "exports.md").read_text(encoding="utf-8")


def test_every_format_is_there():
    named = re.findall(r"`([^`]+)`", TEXT.partition("| option |")[0])
    assert set(FORMATS) <= set(named)
    with_profiles = {one.name for one in FORMATS.values() if one.profiles}
    assert "`csv`, `spss`, `stata` and `r` know profiles" in TEXT
    assert with_profiles == {"csv", "spss", "stata", "r"}


def test_the_data_sets_are_counted_and_named():
    assert f"{1 + len(form_tables())} tables and a codebook" in TEXT
    row = next(line for line in TEXT.splitlines() if line.startswith("| `sdtm` |"))
    assert {one.name for one in sdtm.DATA_SETS} == set(re.findall(r"\b[A-Z]{2}\b", row))
    row = next(line for line in TEXT.splitlines() if line.startswith("| `adam` |"))
    assert {one.name for one in adam.DATA_SETS} == set(re.findall(r"\bAD[A-Z]+\b", row))


def test_the_columns_that_are_explained_exist():
    names = {one.column.name for one in case_fields()}
    assert {"onset", "onset_imputed", "os_onset_exit", "os_onset_exit_lo", "rt_m2_category"} <= names
    assert {"rt_m2_reason", "os_onset_entry", "os_onset_event"} <= names


def test_censoring_has_its_numbers():
    found = {name: number for name, (number, *_) in CENSORED.items()}
    assert found == {"cut_off": 1, "lost": 2, "withdrawal": 3, "last_contact": 4}
    assert "1 alive at the cut-off, 2\n  lost, 3 withdrawn, 4 last contact" in TEXT


def test_the_threshold_is_that_of_the_public_report():
    assert f"only of {About.__dataclass_fields__['threshold'].default} cases or more" in TEXT

"""Our REDCap data dictionary: 18 columns that load as they are, and a project made of it reads back the same."""

import csv
import io
import re
from datetime import UTC, datetime

import orjson
import pytest

from registry.domain.case import Version
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.literature.published import published_cases
from registry.formats.csv.writer import cells_of
from registry.formats.item import Options
from registry.formats.redcap.dictionary import COLUMNS, to_csv
from registry.formats.redcap.names import (
    NONE_OF_THESE,
    RECORD,
    box,
    choice_code,
    field_name,
    fields,
    missing_code,
    none_fields,
)
from registry.formats.redcap.reader import read_csv

ROWS = list(csv.DictReader(io.StringIO(to_csv())))
NAME, TYPE, CHOICES, VALIDATION = COLUMNS[0], COLUMNS[3], COLUMNS[5], COLUMNS[7]


def test_it_has_exactly_the_18_columns():
    assert len(COLUMNS) == 18
    assert next(csv.reader(io.StringIO(to_csv()))) == list(COLUMNS)
    assert all(len(row) == 18 and None not in row and None not in row.values() for row in ROWS)


def test_names_are_such_as_redcap_takes_and_unique():
    names = [row[NAME] for row in ROWS]
    assert names[0] == RECORD
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) and len(name) <= 100 for name in names)
    assert [row[COLUMNS[1]] for row in ROWS] == sorted(
        (row[COLUMNS[1]] for row in ROWS), key=list(FORMS_BY_NAME).index
    )  # the fields of an instrument stand together


def test_types_and_choices_are_such_as_redcap_takes():
    assert {row[TYPE] for row in ROWS} == {"text", "notes", "radio", "dropdown", "checkbox", "yesno"}
    for row in ROWS:
        choosing = row[TYPE] in ("radio", "dropdown", "checkbox")
        assert bool(row[CHOICES]) == choosing
        codes = [one.partition(",")[0].strip() for one in row[CHOICES].split("|")] if choosing else []
        assert all(re.fullmatch(r"[A-Za-z0-9_]+", code) for code in codes)
        columns = [box(row[NAME], code) for code in codes]
        assert len(set(columns)) == len(columns)
        assert row[VALIDATION] in ("", "integer", "number", "date_ymd")
        assert not row[VALIDATION] or row[TYPE] == "text"


def test_concepts_are_annotated():
    annotation = {row[NAME]: row["Field Annotation"] for row in ROWS}
    assert annotation["pain_assessment_nrs_worst"] == "@LOINC='72514-3'"


def test_repeated_groups_and_codes_have_their_own_fields():
    assert field_name("mps_episode", "imaging[2].at.unit") == "mps_episode_imaging_2_at_unit"
    assert fields()["mps_episode_imaging_2_at_unit"][1] == ("imaging", 1, "at", "unit")
    assert choice_code("Ann Arbor") == "Ann_Arbor"
    assert choice_code("1/2") == "1_2"


def exported(version):
    """A flat export of a project made of our dictionary, with one record in it."""
    row = {RECORD: "A-1", "redcap_repeat_instrument": version.form, "redcap_repeat_instance": "1"}
    none = {(column.form, steps): name for name, (column, steps) in none_fields().items()}
    for heading, cell in cells_of(version).items():
        name = field_name(version.form, heading)
        column, _ = fields()[name]
        boxes = column.many and bool(column.values)
        match cell:
            case _ if cell[0] == "!":
                code = missing_code(cell[1:])
                row[box(name, code) if boxes else name] = "1" if boxes else code
            case "[]" if not column.many:
                row[none[column.form, fields()[name][1]]] = "1"
            case "[]" if boxes:
                row[box(name, NONE_OF_THESE)] = "1"
            case _ if boxes:
                row |= {box(name, choice_code(value)): "1" for value in cell.split(";")}
            case "true" | "false":
                row[name] = "1" if cell == "true" else "0"
            case _:
                row[name] = choice_code(cell) if column.values else cell
    text = io.StringIO()
    csv.writer(text).writerows((row, row.values()))
    return text.getvalue().encode()


@pytest.mark.parametrize("number", range(3))
def test_the_published_cases_come_back_from_a_project(number):
    at = datetime(2026, 3, 4, tzinfo=UTC)
    count = 0
    for form, given in published_cases()[number]["forms"].items():
        for one in given if isinstance(given, list) else [given]:
            version = Version.of(FORMS_BY_NAME[form].model_validate(one), at)
            (item,) = read_csv(io.BytesIO(exported(version)), Options(recorded_at=at.isoformat())).items
            assert item.envelope is not None, item.problems
            found = orjson.loads(item.envelope)["forms"][form]
            again = FORMS_BY_NAME[form].model_validate(found[0] if isinstance(found, list) else found)
            assert again == version.content
            count += 1
    assert count > 10

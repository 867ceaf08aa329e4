"""No cell of a table that leaves is a formula, and what was written is read again."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.reading import read_submission
from registry.formats import codebook
from registry.formats.csv.errors import with_errors
from registry.formats.csv.reader import read
from registry.formats.csv.template import template, templates
from registry.formats.csv.writer import write
from registry.formats.item import NO_OPTIONS
from registry.formats.json import document
from registry.formats.redcap import dictionary as redcap
from registry.spreadsheet import safe
from tests.factories import a_record, a_submission

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "'=1", "''+x", "=cmd|' /C calc'!A0", "-", "+49 30 1")


def cells(table: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]


def assert_safe(table: str) -> None:
    assert [
        cell for cell in cells(table.removeprefix("\ufeff")) if safe(cell) != cell and cell[0] != "'"
    ] == []


@pytest.mark.parametrize("table", [codebook.to_csv(), *map(template, templates())])
def test_what_the_registry_says_itself_is_none(table):
    assert_safe(table)


def test_of_a_redcap_dictionary_only_annotations_and_ranges_begin_so():
    """REDCap reads them as they stand: ``@LOINC='21112-8'``. No word of a hospital is in that file."""
    found = [cell for cell in cells(redcap.to_csv()) if safe(cell) != cell]
    assert found
    assert all(cell.startswith(("@LOINC='", "-1 to ")) for cell in found)


@given(st.sampled_from(FORMULAS) | st.text("'=+-@\\!;x1", min_size=1, max_size=6))
def test_a_text_is_made_safe_and_comes_back(text):
    record = a_record("mps_episode", side="left", mps_onset="2025-01-10", onset_note=text)
    sent = a_submission(reason=text, forms={"mps_episode": [record]})
    submission, findings = read_submission(sent)
    if submission is None:  # such as a reason of blanks
        assert findings
        return
    table = write("mps_episode", [("KND-1", version) for version in submission.versions])
    assert_safe(table)
    (item,) = read(io.BytesIO(table.encode()), NO_OPTIONS).items
    assert item.envelope is not None, item.problems
    again, problem = document(item.envelope, max_depth=20)
    assert problem is None
    assert again["reason"] == submission.reason
    assert again["forms"]["mps_episode"][0]["onset_note"] == text


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_file_that_is_given_back_is_safe_and_says_the_same_when_it_comes_again(formula):
    head = f"case,recorded_at,mps_episode.side,mps_episode.onset_note,{formula}"
    row = f'KND-1,2026-03-04T09:12:00Z,left,{formula}," {formula}"'
    finding = {"severity": "reject", "pointer": "/forms/mps_episode/0/side", "message": f"{formula} is wrong"}
    back = "".join(with_errors(head, [(row.encode(), [finding])]))
    assert_safe(back)
    assert formula in back

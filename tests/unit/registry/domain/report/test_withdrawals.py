from dataclasses import replace

import pytest

from registry.domain.disclosure import protect
from registry.domain.report.document import Document, Section, Table
from registry.domain.report.withdrawals import SECTION
from tests.factories_analysis import a_row, a_study


def test_withdrawals_by_level() -> None:
    rows = [a_row()] * 3 + [a_row(withdrawal="erase"), a_row(withdrawal="no_further_collection")]
    (table,) = SECTION.build(a_study(*rows))
    assert [row.cells[0].text for row in table.rows] == ["5", "3", "1", "1"]
    assert table.totals == (((0, 0), (1, 0), (2, 0), (3, 0)),)


def test_what_is_left_out_is_counted_before_and_after() -> None:
    study = replace(a_study(*[a_row()] * 3), left_out={"erase": 2, "stop_use_of_existing": 1})
    (table,) = SECTION.build(study)
    assert [row.cells[0].text for row in table.rows] == ["6", "2", "1", "3", "3", "3"]
    assert table.totals == (((0, 0), (1, 0), (2, 0), (3, 0)), ((4, 0), (5, 0)))


@pytest.mark.parametrize("gone", [{"erase": 10}, {"erase": 6, "stop_use_of_existing": 6}, {"erase": 30}])
def test_a_public_report_does_not_say_how_many_were_left_out(gone: dict[str, int]) -> None:
    # Two reports that did would tell of the one patient who withdrew between them.
    study = replace(a_study(*[a_row()] * 20, audience="public"), left_out=gone, threshold=11)
    document = Document(
        "", None, "public", study.cutoff, study.as_of, "", {}, (Section("w", "", SECTION.build(study)),)
    )
    ((table,),) = (section.blocks for section in protect(document, 11).sections)
    assert isinstance(table, Table)
    assert [row.cells[0].text for row in table.rows] == ["20", "20"]

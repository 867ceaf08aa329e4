import numpy as np
import pytest

from registry.domain.analysis import AnalysisRow
from registry.domain.analysis.columns import Cohort, ColumnsBuilder
from tests.factories_analysis import a_response, a_row, a_time, a_window, untreated

ROWS = (
    a_row(toxicity={"nausea": 2, "diarrhoea": 3}, mechanisms=()),
    untreated(os_onset=a_time(0.5, entry=None, flags=("zero_duration",))),
    a_row(
        response_radiotherapy=None,
        response_systemic=a_response(None, M2=a_window(by_table={"MPS-OME-1": None, "CDC-2022": "PR"})),
    ),
    a_row(toxicity={"diarrhoea": 3, "nausea": 2}, completeness={"side": None}),
)
EVERY = np.arange(len(ROWS), dtype=np.int32)


def test_rows_come_back_as_they_went_in() -> None:
    assert tuple(Cohort.of(ROWS)) == ROWS


def test_json_gives_the_same_columns_as_rows() -> None:
    by_row, by_json = Cohort.of(ROWS), Cohort.of([row.as_json() for row in ROWS])
    assert tuple(by_json) == ROWS
    assert by_row.columns.keys() == by_json.columns.keys()
    for path, column in by_row.columns.items():
        assert column.values == by_json.columns[path].values, path
        assert column.codes.tolist() == by_json.columns[path].codes.tolist(), path


def test_rows_may_come_in_parts() -> None:
    builder = ColumnsBuilder()
    for row in ROWS * 100:
        builder.add([row])
    cohort = builder.done()
    assert len(cohort) == 400
    assert cohort[399] == ROWS[3]
    assert cohort[2:4] == ROWS[2:]
    assert cohort.columns["sex"].codes.dtype == np.uint8


def test_many_different_values_take_a_wider_code() -> None:
    cohort = Cohort.of([a_row(last_contact=day) for day in range(300)])
    assert cohort.columns["last_contact"].codes.dtype == np.uint16
    assert [row.last_contact for row in cohort] == list(range(300))


def test_whole_days_with_those_that_are_none() -> None:
    cohort = Cohort.of(ROWS)
    assert cohort.integers("os_onset.exit", EVERY, missing=-8, unfit=-9).tolist() == [200, -9, 200, 200]
    assert cohort.integers("response_systemic.followed_to", EVERY, missing=-8, unfit=-9).tolist() == [
        -8,
        -8,
        150,
        -8,
    ]


def test_a_row_of_another_version_is_refused() -> None:
    older = ROWS[0].as_json()
    del older["scores"]
    with pytest.raises(KeyError):
        Cohort.of([older])


def test_nobody() -> None:
    nobody: tuple[AnalysisRow, ...] = ()
    cohort = Cohort.of(nobody)
    assert (len(cohort), list(cohort)) == (0, [])
    with pytest.raises(IndexError):
        cohort[0]

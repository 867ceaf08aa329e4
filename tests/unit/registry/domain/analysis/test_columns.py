import numpy as np
import pytest

from registry.domain.analysis import AnalysisRow
from registry.domain.analysis.columns import Cohort, ColumnsBuilder
from registry.domain.analysis.flat import flat
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


def test_rows_may_come_in_parts() -> None:
    builder = ColumnsBuilder()
    for row in ROWS * 100:
        builder.add([flat(row)])
    cohort = builder.done()
    assert len(cohort) == 400
    assert cohort[399] == ROWS[3]
    assert cohort[2:4] == ROWS[2:]
    assert cohort.columns["sex"].codes.dtype == np.uint8


def test_the_columns_are_the_same_however_the_rows_come() -> None:
    one_by_one = ColumnsBuilder()
    for row in ROWS:
        one_by_one.add([flat(row)])
    at_once, parted = Cohort.of(ROWS).columns, one_by_one.done().columns
    assert list(at_once) == list(parted)
    for path, column in at_once.items():
        assert column.values == parted[path].values, path
        assert column.codes.tolist() == parted[path].codes.tolist(), path


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
    with pytest.raises(ValueError, match="zip"):
        ColumnsBuilder().add([flat(ROWS[0])[:-1]])


def test_nobody() -> None:
    nobody: tuple[AnalysisRow, ...] = ()
    cohort = Cohort.of(nobody)
    assert (len(cohort), list(cohort)) == (0, [])
    with pytest.raises(IndexError):
        cohort[0]

"""A snapshot keeps its cases in columns and gives them back as they were."""

from datetime import UTC, date, datetime

import pytest

from registry.errors import Conflict
from registry.pipeline.frozen_cases import FrozenCase, FrozenCases
from registry.pipeline.snapshot import Frozen
from registry.pipeline.snapshot_bytes import MAGIC
from tests.factories_analysis import a_response, a_row, a_time, a_window, untreated

ROWS = (
    a_row(toxicity={"nausea": 2}, omedd=22.5),
    untreated(os_onset=a_time(0.5, entry=None, flags=("zero_duration",))),
    a_row(response_systemic=a_response(None, M2=a_window(by_table={"CDC-2022": None}))),
)


def cases(repeat: int = 1) -> tuple[FrozenCase, ...]:
    return tuple(
        FrozenCase(
            f"S{place % 2}",
            f"S-{place:05}",
            f"{place:064x}",
            row.as_json(),
            (("Q01", place), ("Q20", 3))[: place % 3],
        )
        for place, row in enumerate(ROWS * repeat)
    )


def a_snapshot(*of: FrozenCase) -> Frozen:
    return Frozen(
        of,
        (),
        date(2026, 1, 1),
        datetime(2026, 1, 2, 3, 4, 5, 6, UTC),
        "staff",
        5,
        {"b": "2", "a": "1"},
        None,
        1,
    )


@pytest.mark.parametrize("repeat", [0, 1, 10])
def test_the_same_cases_in_columns_and_out_of_bytes(repeat: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.pipeline.frozen_cases.PART", 7)  # turned into columns several times
    made = a_snapshot(*cases(repeat))
    content = made.freeze()
    again = Frozen.thaw(content)
    assert tuple(FrozenCases.of(made.cases)) == tuple(again.cases) == made.cases
    assert (again.cutoff, again.as_of, list(again.versions)) == (made.cutoff, made.as_of, ["b", "a"])
    assert again.rows_hash == made.rows_hash
    assert again.input_hash(pinned=True) == made.input_hash(pinned=True)
    assert again.freeze() == content
    assert tuple(again.study().rows) == ROWS * repeat


def test_the_hash_is_of_the_rows_and_of_who_they_belong_to() -> None:
    one, *others = cases()
    other_row = FrozenCase(one.site, one.case, one.records, a_row(sex="male").as_json(), one.queries)
    other_name = FrozenCase(one.site, "S-99999", one.records, one.analysis, one.queries)
    other_records = FrozenCase(one.site, one.case, "f" * 64, one.analysis, one.queries)
    hashes = {a_snapshot(first, *others).rows_hash for first in (one, other_row, other_name)}
    assert len(hashes) == 3
    assert a_snapshot(other_records, *others).rows_hash in hashes


def test_a_snapshot_of_another_version_says_so() -> None:
    content = a_snapshot(*cases()).freeze()
    assert content.startswith(MAGIC)
    with pytest.raises(Conflict, match="another version"):
        Frozen.thaw(content[8:])

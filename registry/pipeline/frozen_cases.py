"""The cases of a snapshot in columns: who they are, what their records were, their analysis rows and open queries."""

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import orjson

from registry.domain.analysis.columns import Cohort, ColumnsBuilder
from registry.domain.analysis.flat import Flat, flat

Queries = tuple[tuple[str, int], ...]

PART = 2_000
"""Cases turned into columns at a time."""


@dataclass(frozen=True, slots=True)
class FrozenCase:
    """One case in a snapshot.

    records   SHA-256 over its record versions: tells a corrected case from one that only is derived otherwise
    analysis  its analysis row as plain JSON
    queries   its open queries as (rule id, age in days)
    """

    site: str
    case: str
    records: str
    analysis: dict[str, Any]
    queries: Queries


@dataclass(frozen=True, slots=True, eq=False)
class FrozenCases(Sequence[FrozenCase]):
    """Cases ordered by (site, case), each part of them in a column; a single case is put together when it is asked for."""

    sites: Sequence[str]
    names: Sequence[str]
    records: bytes
    """32 bytes for each case."""
    queries: Sequence[Queries]
    cohort: Cohort
    ids: Sequence[int] = ()
    """Their numbers in the database, where they were read from it."""

    @classmethod
    def of(cls, cases: Iterable[FrozenCase]) -> "FrozenCases":
        """The same cases in columns."""
        if isinstance(cases, FrozenCases):
            return cases
        builder = FrozenCasesBuilder()
        for one in cases:
            builder.add(one.site, one.case, one.records, flat(one.analysis), one.queries)
        return builder.done()

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, place: int) -> FrozenCase: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[FrozenCase]: ...
    def __getitem__(self, place: int | slice) -> FrozenCase | Sequence[FrozenCase]:
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(len(self))))
        records = self.records[32 * place : 32 * place + 32].hex()
        analysis = self.cohort[place].as_json()
        return FrozenCase(self.sites[place], self.names[place], records, analysis, self.queries[place])

    @property
    def rows_hash(self) -> str:
        """SHA-256 of who the cases are and of their analysis rows, in their order."""
        return rows_hash(self.sites, self.names, self.cohort)


def rows_hash(sites: Sequence[str], names: Sequence[str], cohort: Cohort) -> str:
    """SHA-256 of cases with their analysis rows: equal for equal rows, however they were put together."""
    digest = hashlib.sha256(orjson.dumps([list(sites), list(names)]))
    for path, column in cohort.columns.items():
        digest.update(orjson.dumps([path, list(column.values)], option=orjson.OPT_SORT_KEYS))
        digest.update(column.codes.tobytes())
    return digest.hexdigest()


@dataclass(slots=True)
class FrozenCasesBuilder:
    """Cases that come one after the other."""

    sites: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    records: bytearray = field(default_factory=bytearray)
    queries: list[Queries] = field(default_factory=list)
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    _columns: ColumnsBuilder = field(default_factory=ColumnsBuilder)
    _waiting: list[Flat] = field(default_factory=list)

    def add(self, site: str, case: str, records: str, analysis: Flat, queries: Queries = ()) -> None:
        """The next case. Raises ValueError for an analysis row made by another version."""
        self.add_all(site, (case,), (records,), (analysis,), (queries,))

    def add_all(
        self,
        site: str,
        names: Sequence[str],
        records: Sequence[str],
        analyses: Sequence[Flat],
        queries: Sequence[Queries],
        ids: Sequence[int] = (),
    ) -> None:
        """The next cases of a site, the same of all of them in a column."""
        self.sites += [site] * len(names)
        self.names += names
        self.records += bytes.fromhex("".join(records))
        self.queries += queries
        self.ids.extend(ids)
        self._waiting += analyses
        if len(self._waiting) >= PART:
            self._turn()

    def _turn(self) -> None:
        self._columns.add(self._waiting)
        self._waiting.clear()

    def done(self) -> FrozenCases:
        """All of them; the builder is empty then."""
        self._turn()
        records, cohort = bytes(self.records), self._columns.done()
        return FrozenCases(self.sites, self.names, records, self.queries, cohort, self.ids)

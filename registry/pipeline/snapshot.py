"""Snapshot: the frozen input of a report, from which it can be built again to the byte.

A snapshot holds the analysis row of every case at a cut-off, as the registry knew it at a time, the ledger and the
versions in force. It names its cases by site and pseudonym and is for the registry alone; a report is what leaves.
"""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import orjson

from registry.domain.analysis import AnalysisRow
from registry.domain.report.document import Audience, SiteFlow, Study


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
    queries: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything a report is a function of, as it is stored."""

    cases: tuple[FrozenCase, ...]
    ledger: tuple[SiteFlow, ...]
    cutoff: date
    as_of: datetime
    audience: Audience
    threshold: int
    versions: Mapping[str, str]
    seal: str | None
    look: int

    @property
    def rows_hash(self) -> str:
        """SHA-256 of the analysis rows in their order: the name of the snapshot on the report."""
        digest = hashlib.sha256()
        for one in self.cases:
            digest.update(orjson.dumps([one.site, one.case, one.analysis], option=orjson.OPT_SORT_KEYS))
        return digest.hexdigest()

    def input_hash(self, *, pinned: bool) -> str:
        """SHA-256 of everything the figures depend on; cut-off and as-of only where the caller named them.

        On schedule they are simply now: a report whose rows, ledger, questions and versions did not change is the
        same report.
        """
        parts = [
            self.rows_hash,
            self.audience,
            self.threshold,
            dict(self.versions),
            [asdict(flow) for flow in self.ledger],
            [[rule for rule, _ in one.queries] for one in self.cases],
            [self.cutoff.isoformat(), self.as_of.isoformat()] if pinned else None,
        ]
        return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def study(self) -> Study:
        """The study as the report's sections read it."""
        return Study(
            rows=tuple(AnalysisRow.from_json(one.analysis) for one in self.cases),
            sites=tuple(one.site for one in self.cases),
            queries=tuple(one.queries for one in self.cases),
            ledger=self.ledger,
            cutoff=self.cutoff,
            as_of=self.as_of,
            audience=self.audience,
            threshold=self.threshold,
            versions=self.versions,
            seal=self.seal,
            look=self.look,
        )

    def freeze(self) -> bytes:
        """The snapshot as compressed bytes."""
        return zlib.compress(orjson.dumps(asdict(self)))  # in its own order: the report prints in it

    @staticmethod
    def thaw(content: bytes) -> "Frozen":
        """The snapshot out of its bytes."""
        found = orjson.loads(zlib.decompress(content))
        cases = tuple(
            FrozenCase(**{**one, "queries": tuple((rule, age) for rule, age in one["queries"])})
            for one in found["cases"]
        )
        return Frozen(
            **{
                **found,
                "cases": cases,
                "ledger": tuple(SiteFlow(**flow) for flow in found["ledger"]),
                "cutoff": date.fromisoformat(found["cutoff"]),
                "as_of": datetime.fromisoformat(found["as_of"]),
            }
        )

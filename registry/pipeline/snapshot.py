"""Snapshot: the frozen input of a report, from which it can be built again to the byte.

A snapshot holds the analysis row of every case at a cut-off, as the registry knew it at a time, the ledger and the
versions in force. It names its cases by site and pseudonym and is for the registry alone; a report is what leaves.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime

import orjson

from registry.domain.report.contributions import patient_number
from registry.domain.report.document import Audience, SiteFlow, Study
from registry.pipeline.frozen_cases import FrozenCase, FrozenCases
from registry.pipeline.snapshot_bytes import pack, unpack


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything a report is a function of, as it is stored.

    left_out  how many cases are not in it because their patients withdrew the use of their data, by level
    editions  input hashes of the public reports published before, in their order: a public report is protected beside
              them
    """

    cases: Sequence[FrozenCase]
    ledger: tuple[SiteFlow, ...]
    cutoff: date
    as_of: datetime
    audience: Audience
    threshold: int
    versions: Mapping[str, str]
    seal: str | None
    look: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    editions: tuple[str, ...] = ()

    @property
    def rows_hash(self) -> str:
        """SHA-256 of the analysis rows in their order: the name of the snapshot on the report."""
        return FrozenCases.of(self.cases).rows_hash

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
            [
                [place, *(rule for rule, _ in one)]
                for place, one in enumerate(FrozenCases.of(self.cases).queries)
                if one
            ],
            [self.cutoff.isoformat(), self.as_of.isoformat()] if pinned else None,
            dict(self.left_out),
            list(self.editions),
        ]
        return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def study(self) -> Study:
        """The study as the report's sections read it."""
        cases = FrozenCases.of(self.cases)
        return Study(
            rows=cases.cohort,
            sites=cases.sites,
            queries=cases.queries,
            ledger=self.ledger,
            cutoff=self.cutoff,
            as_of=self.as_of,
            audience=self.audience,
            threshold=self.threshold,
            versions=self.versions,
            seal=self.seal,
            look=self.look,
            left_out=self.left_out,
            patients=tuple(map(patient_number, cases.sites, cases.names))
            if self.audience == "public"
            else None,
        )

    def freeze(self) -> bytes:
        """The snapshot as compressed bytes."""
        about = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "cases"}
        return pack(about, FrozenCases.of(self.cases))  # in its own order: the report prints in it

    @staticmethod
    def thaw(content: bytes) -> "Frozen":
        """The snapshot out of its bytes."""
        found, cases = unpack(content)
        return Frozen(
            **{
                **found,
                "cases": cases,
                "editions": tuple(found["editions"]),
                "ledger": tuple(SiteFlow(**flow) for flow in found["ledger"]),
                "cutoff": date.fromisoformat(found["cutoff"]),
                "as_of": datetime.fromisoformat(found["as_of"]),
            }
        )

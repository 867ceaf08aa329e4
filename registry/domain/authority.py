"""Authority: who may make which call, as the table in ``authority.csv`` says; what is not in it, nobody may.

A row is a route of the API or a command. ``needs`` says what it takes at least: ``nothing``; a scope, which a hospital's
key carries; ``key``, which only people have; or ``machine``, which no key replaces: the login that owns the database, the
data folder of embedded servers, and for the figures of the operator their token or this machine.
The columns of the roles say which people may make the call; a role of a site reaches that site's rows alone. ``changes``
says what it changes.
"""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCOPES = ("submit", "read", "query", "report")
"""What the key of a hospital may carry."""

MEANING = {
    "site_entry": "enters the hospital's data and answers its queries",
    "site_investigator": "the same, and answers for them",
    "monitor": "reads all hospitals' data, settles queries",
    "data_manager": "takes in data, settles queries, applies rules, builds, locks and publishes reports, exports",
    "statistician": "builds and compares reports, exports pseudonymised data sets without free text; reads no case",
    "auditor": "reads everything with its trail, changes nothing",
    "admin": "hospitals, people and keys; sees no clinical data",
    "operator": "whoever runs a registry of their own on embedded servers, whose files are theirs anyway",
}
"""The roles of people."""

OF_A_SITE = frozenset({"site_entry", "site_investigator"})
OPERATOR = "operator"
GIVEN = tuple(role for role in MEANING if role != OPERATOR)
"""Roles that a person may be given."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table."""

    call: str
    needs: str
    changes: str
    roles: frozenset[str]

    def allows(self, *, role: str | None, scopes: Collection[str]) -> bool:
        """Whether a person of this role, or else a hospital's key with these scopes, may make the call."""
        if self.needs == "nothing":
            return True
        return role in self.roles if role is not None else self.needs in SCOPES and self.needs in scopes


@cache
def table() -> dict[str, Entry]:
    """The rows by their call."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {
            row["call"]: Entry(
                row["call"], row["needs"], row["changes"], frozenset(role for role in MEANING if row[role])
            )
            for row in csv.DictReader(file)
        }

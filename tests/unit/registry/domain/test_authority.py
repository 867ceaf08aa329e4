"""The table of authority: complete, and with the separations that it promises."""

import csv
from pathlib import Path

import pytest

from registry.domain import authority
from registry.domain.authority import GIVEN, MEANING, OF_A_SITE, OPERATOR, SCOPES, Entry, table
from registry.formats.outgoing import FORMATS
from tests.calls import routes, the_commands

NEEDS = {"nothing", "key", "machine", *SCOPES}
CHANGES = {"", "data", "queries", "reports", "access", "operation", "schema"}
CLINICAL = ("mps case", "mps submission show", "mps query", "mps export", "mps report", "mps submit")


def changed_by(role: str) -> set[str]:
    return {one.changes for one in table().values() if role in one.roles}


def test_every_command_and_every_route_has_a_row_and_no_row_is_left_over():
    assert set(table()) == {*routes(), *the_commands(), "GET /openapi.json"}


def test_the_file_is_what_it_looks_like():
    with Path(authority.__file__).with_suffix(".csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["call", "needs", "changes", *MEANING]
    assert len({row[0] for row in rows}) == len(rows)
    assert {cell for row in rows[1:] for cell in row[3:]} == {"", "x"}
    assert {row[1] for row in rows[1:]} == NEEDS
    assert {row[2] for row in rows[1:]} == CHANGES


def test_what_needs_nothing_or_the_machine_names_no_role():
    assert not [one.call for one in table().values() if one.needs in ("nothing", "machine") and one.roles]


def test_a_route_needs_no_persons_key_and_a_command_no_scope():
    for one in table().values():
        assert one.needs not in (SCOPES if one.call.startswith("mps") else ("key",)), one


@pytest.mark.parametrize("role", GIVEN)
def test_nobody_changes_both_data_and_who_may_do_what(role):
    assert not {"data", "access"} <= changed_by(role)
    assert "schema" not in changed_by(role)


def test_nothing_changes_the_audit_trail():
    touching = [one.call for one in table().values() if one.call.startswith("mps audit")]
    assert touching
    assert not [call for call in touching if table()[call].changes]


def test_the_auditor_changes_nothing_and_reads_all_trails():
    assert changed_by("auditor") == {""}
    for call in (
        "mps audit show",
        "mps audit export",
        "mps audit verify",
        "mps case history",
        "mps key list",
        "mps user list",
    ):
        assert "auditor" in table()[call].roles


def test_the_administrator_sees_no_clinical_data():
    seen = [one.call for one in table().values() if "admin" in one.roles and one.call.startswith(CLINICAL)]
    assert seen == []
    assert changed_by("admin") == {"", "access", "operation"}


def test_the_statistician_sees_no_case_and_no_free_text():
    reads = {one.call for one in table().values() if "statistician" in one.roles}
    assert not [call for call in reads if call.startswith(("mps case", "mps submission", "mps query"))]
    assert {call.split()[2] for call in reads if call.startswith("mps export")} == {
        "adam",
        *(name for name, one in FORMATS.items() if one.profiles),
    }


@pytest.mark.parametrize("role", sorted(OF_A_SITE))
def test_those_of_a_site_have_nothing_that_reaches_beyond_it(role):
    allowed = {one.call for one in table().values() if role in one.roles}
    assert not [
        call
        for call in allowed
        if call.startswith(("mps export", "mps audit", "mps key", "mps user", "mps rules"))
    ]


def test_the_operator_is_given_to_nobody():
    assert OPERATOR not in GIVEN
    assert set(GIVEN) | {OPERATOR} == set(MEANING)


class TestAbsence:
    """Absence never widens access."""

    @pytest.mark.parametrize("needs", sorted(NEEDS - {"nothing"}))
    def test_without_role_and_scope_nothing_is_allowed(self, needs):
        assert not Entry("x", needs, "", frozenset(GIVEN)).allows(role=None, scopes=())

    @pytest.mark.parametrize("needs", sorted(NEEDS - {"nothing"}))
    def test_a_role_that_is_not_in_the_row_is_refused_whatever_scopes_it_has(self, needs):
        entry = Entry("x", needs, "", frozenset({"monitor"}))
        for role in ("", "unknown", "MONITOR", "admin"):
            assert not entry.allows(role=role, scopes=SCOPES)

    @pytest.mark.parametrize("needs", ["key", "machine"])
    def test_scopes_open_no_command(self, needs):
        assert not Entry("x", needs, "", frozenset(GIVEN)).allows(role=None, scopes=(*SCOPES, needs))

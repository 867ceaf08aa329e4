"""Every role, tried on every command against a registry that is named; the table says what comes of it."""

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.domain.authority import GIVEN, OF_A_SITE, table
from registry.embedded.master_key import master_key_file
from registry.errors import KeyRefused, NotAllowed
from registry.pipeline.people import add_person, operator_key
from tests.calls import arguments, the_commands

COMMANDS = {call: command for call, command in the_commands().items() if table()[call].needs == "key"}
OFFLINE = {call: command for call, command in the_commands().items() if table()[call].needs == "nothing"}


@pytest.fixture
def folder(registry, tmp_path, monkeypatch):
    """An empty folder in which commands find this registry and nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPS_DATABASE_URL", registry.servers.database_url)
    monkeypatch.setenv("MPS_REDIS_URL", registry.servers.redis_url)
    monkeypatch.setenv("MPS_MASTER_KEY_FILE", str(master_key_file(registry.settings.data)))
    monkeypatch.setenv("MPS_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def run(folder, monkeypatch):
    """What a command ends with, for the person of a key."""

    def typed(call, key):
        if key is not None:
            monkeypatch.setenv("MPS_USER_KEY", key)
        return CliRunner().invoke(app, arguments(call, the_commands()[call], folder))

    return typed


@pytest.fixture
def auditor(registry):
    with registry.work() as work:
        return add_person(work, "somebody", "auditor", site=None, days=1, actor="test")


def refused(done) -> bool:
    return isinstance(done.exception, (NotAllowed, KeyRefused))


@pytest.mark.parametrize("role", GIVEN)
def test_every_role_on_every_command(registry, run, key, role):
    site = "KND" if role in OF_A_SITE else None
    with registry.work() as work:
        mine = add_person(work, "somebody", role, site=site, days=1, actor="test")
    allowed = {call for call in COMMANDS if role in table()[call].roles}
    for call in COMMANDS:
        done = run(call, mine)
        assert refused(done) == (call not in allowed), (call, done.exception, done.output)
    with registry.work() as work:
        told = text(
            "SELECT action, subject FROM event WHERE actor = 'user:somebody' AND action LIKE 'command.%'"
        )
        noted = {tuple(row) for row in work.session.execute(told)}
    assert {call for action, call in noted if action == "command.called"} == allowed
    assert {call for action, call in noted if action == "command.refused"} == set(COMMANDS) - allowed


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a hospital", "an operator of other servers"])
def test_without_a_persons_key_no_command_is_done(registry, run, key, who):
    with registry.work() as work:
        shown = {
            "nobody": None,
            "a stranger": "mps_0123456789ab_" + "x" * 43,
            "a hospital": key,
            "an operator of other servers": operator_key(work),
        }[who]
    for call in COMMANDS if who == "nobody" else ("mps case show", "mps site list", "mps key revoke"):
        assert refused(run(call, shown)), call


def test_what_needs_no_key_reaches_no_registry(run, monkeypatch):
    monkeypatch.setenv("MPS_DATABASE_URL", "postgresql://nobody@/nothing?host=/nowhere")
    for call in OFFLINE:
        if call not in ("mps demo", "mps linkage token"):  # servers of its own; asks for a person's data
            done = run(call, None)
            assert not refused(done), call
            assert "could not be reached" not in str(done.exception), call


def test_a_command_that_was_forgotten_in_the_table_is_refused(run, auditor, monkeypatch):
    known = dict(table())
    monkeypatch.setattr("registry.pipeline.callers.table", lambda: known)
    assert run("mps site list", auditor).exit_code == 0
    del known["mps site list"]
    assert "has no row" in str(run("mps site list", auditor).exception)


class TestKeyFile:
    def test_is_read_where_no_one_else_may_read_it(self, run, auditor, folder, monkeypatch):
        file = folder / "my.key"
        file.write_text(auditor + "\n")
        monkeypatch.setenv("MPS_USER_KEY_FILE", str(file))
        file.chmod(0o644)
        assert "chmod 600" in str(run("mps site list", None).exception)
        file.chmod(0o600)
        assert run("mps site list", None).exit_code == 0

    def test_that_is_missing_is_named(self, run, monkeypatch):
        monkeypatch.setenv("MPS_USER_KEY_FILE", "nowhere.key")
        assert "nowhere.key" in str(run("mps site list", None).exception)


def test_the_key_of_a_person_opens_no_route_of_a_hospital(registry, client):
    with registry.work() as work:
        mine = add_person(work, "somebody", "data_manager", site=None, days=1, actor="test")
    assert client(mine).get("/v1/cases").status_code == 403

"""``mps linkage``: tokens from a file or a question, offline; an identifier is never repeated."""

import csv
import io
import os
import socket
import stat

import pytest
from typer.testing import CliRunner

from cli.linkage import app
from registry.domain.linkage_token import read_key
from registry.errors import WrongUsage

run = CliRunner()


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refused(*_, **__):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refused)


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "study.key"
    assert run.invoke(app, ["key", "--out", str(path), "--id", "7"]).exit_code == 0
    return path


def token(key_file, *arguments, **more):
    return run.invoke(app, ["token", "--key-file", str(key_file), *arguments], **more)


def test_a_key_is_secret_new_and_never_overwritten(key_file, tmp_path):
    made = read_key(key_file.read_text())
    assert (made.name, len(made.secret)) == ("k7", 32)
    if os.name == "posix":
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    again = run.invoke(app, ["key", "--out", str(key_file)])
    assert isinstance(again.exception, WrongUsage)
    assert read_key(key_file.read_text()) == made


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_becomes_a_file(key_file, tmp_path, delimiter):
    lines = [["identifier", "case"], ["943 476 5919", "P-1"], ["943 476 5870", "P-2"]]
    told = tmp_path / "patients.csv"
    told.write_text("\ufeff" + "\n".join(delimiter.join(line) for line in lines), encoding="utf-8")
    out = tmp_path / "tokens.csv"
    assert token(key_file, str(told), "--system", "GB-NHS", "--out", str(out)).exit_code == 0
    key = read_key(key_file.read_text())
    assert list(csv.reader(io.StringIO(out.read_text()))) == [
        ["case", "linkage_token"],
        ["P-1", key.token("GB-NHS", "9434765919")],
        ["P-2", key.token("GB-NHS", "9434765870")],
    ]


def test_persons_from_standard_input(key_file):
    told = "case,family,given,birth,sex\nP-1,Doe,Jane,1957-05-03,female\n"
    found = token(key_file, "-", input=told)
    assert found.exit_code == 0
    assert read_key(key_file.read_text()).token_of_person("Doe", "Jane", "1957-05-03", "f") in found.stdout
    assert "Doe" not in found.output


def test_a_bad_line_is_named_and_not_repeated(key_file, tmp_path):
    told = tmp_path / "patients.csv"
    told.write_text("case,identifier\nP-1,9434765919\nP-2,9434765918\nP-3\n")
    found = token(key_file, str(told), "--system", "GB-NHS")
    assert found.exit_code == 1
    assert "line 3" in found.stderr
    assert "line 4" in found.stderr
    assert "2 of 3 lines" in found.stderr
    assert "943476591" not in found.output
    assert found.stdout.count("k7:") == 1


def test_one_is_asked_for_without_an_echo(key_file):
    found = token(key_file, "--system", "GB-NHS", input="9434765919\n")
    assert found.exit_code == 0
    assert found.stdout.strip() == read_key(key_file.read_text()).token("GB-NHS", "9434765919")
    assert "9434765919" not in found.output


@pytest.mark.parametrize(
    ("told", "says"),
    [("", "is empty"), ("name,number\nDoe,1\n", "case,identifier"), ("case,identifier", None)],
)
def test_a_file_that_cannot_be_used(key_file, tmp_path, told, says):
    path = tmp_path / "patients.csv"
    path.write_text(told)
    found = token(key_file, str(path), "--system", "GB-NHS")
    if says is None:
        assert found.exit_code == 0
        assert found.stdout == "case,linkage_token\n"
    else:
        assert isinstance(found.exception, WrongUsage)
        assert says in str(found.exception)


def test_what_is_no_key_is_refused(tmp_path):
    path = tmp_path / "study.key"
    path.write_text("secret")
    found = token(path, "--system", "GB-NHS", input="9434765919\n")
    assert isinstance(found.exception, WrongUsage)
    assert "mps linkage key" in str(found.exception)
    assert "secret" not in str(found.exception)

"""Weak or missing secrets and open connections are named, and no secret is."""

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from cli.main import app
from registry.settings import Settings
from registry.weaknesses import weaknesses

STRONG = "n3v-er-Guess9-Me"
DB, REDIS = (
    f"postgresql://api:{STRONG}@db.example/mps",
    f"rediss://:{STRONG}@queue.example/0?ssl_ca_certs=/ca.pem",
)
CHECKED = "?sslmode=verify-full&sslrootcert=/ca.pem"
GOOD = {"database_url": SecretStr(DB + CHECKED), "redis_url": SecretStr(REDIS), "master_key": SecretStr("x")}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"database_url": DB}, ["no checked certificate"]),
        ({"database_url": f"{DB}?sslmode=require"}, ["no checked certificate"]),
        ({"database_url": f"postgresql://api@db.example/mps{CHECKED}"}, ["no password"]),
        ({"database_url": f"postgresql://api@db.example/mps{CHECKED}&sslcert=/me.pem"}, []),
        ({"database_url": f"postgresql://api:secret@db.example/mps{CHECKED}"}, ["a weak password"]),
        ({"database_url": f"postgresql://api:aaaaaaaaaaaaaaaa@db.example/mps{CHECKED}"}, ["a weak password"]),
        ({"database_url": "postgresql://mps@/mps?host=/run/postgresql"}, []),
        ({"database_owner_url": "postgresql://mps:x@127.0.0.1/mps"}, []),
        ({"redis_url": f"redis://:{STRONG}@queue.example/0"}, ["not encrypted"]),
        ({"redis_url": "rediss://queue.example/0"}, ["no password"]),
        ({"redis_url": f"{REDIS}&ssl_cert_reqs=none"}, ["not checked"]),
        ({"redis_url": f"{REDIS}&ssl_check_hostname=false"}, ["not checked"]),
        ({"redis_url": "redis://localhost/0"}, []),
        ({"metrics_token": "short"}, ["MPS_METRICS_TOKEN: short"]),
        ({"master_key": None}, ["MPS_MASTER_KEY: missing"]),
    ],
)
def test_each_is_named(changed, said):
    secret = {name: SecretStr(value) if value else value for name, value in changed.items()}
    found = weaknesses(Settings().model_copy(update=GOOD | secret))
    assert len(found) == len(said), found
    assert all(words in one for words, one in zip(said, found, strict=True)), found
    assert STRONG not in str(found)


@pytest.mark.parametrize(("url", "weak"), [("http://registry.example", 1), ("https://registry.example", 0), ("http://127.0.0.1:8000", 0)])  # fmt: skip
def test_so_is_an_api_that_is_reached_in_the_open(url, weak):
    assert len(weaknesses(Settings().model_copy(update=GOOD | {"api_url": url}))) == weak


def test_so_are_files_that_others_may_read(tmp_path):
    path = tmp_path / "master.key"
    path.write_text("x")
    settings = Settings().model_copy(update=GOOD | {"master_key_file": path})
    path.chmod(0o640)
    (said,) = weaknesses(settings)
    assert f"chmod 600 {path}" in said
    path.chmod(0o600)
    assert weaknesses(settings) == []
    path.unlink()
    assert "cannot be read" in weaknesses(settings)[0]


def test_the_doctor_says_so_and_shows_no_secret(monkeypatch):
    secrets = {
        "MPS_DATABASE_URL": "postgresql://api:Hidden-one@db.example/mps", "MPS_REDIS_URL": "redis://:Hidden-two@q.example/0",
        "MPS_DATABASE_OWNER_URL": "postgresql://own:Hidden-six@db.example/mps", "MPS_MASTER_KEY": "Hidden-three",
        "MPS_API_KEY": "Hidden-four", "MPS_METRICS_TOKEN": "Hidden-five", "MPS_USER_KEY": "Hidden-seven",
    }  # fmt: skip
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, ["doctor", "--offline"])
    assert done.exit_code == 0, done.output
    assert done.stdout.count("weak: ") == 7
    assert "Hidden" not in done.output
    assert "Hidden" not in repr(Settings())

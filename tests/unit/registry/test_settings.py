"""Settings: from the environment and a file, checked, with secrets hidden."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from registry.settings import Settings


@pytest.fixture(autouse=True)
def _empty_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MPS_")]:
        monkeypatch.delenv(name)


def test_with_nothing_set_the_registry_brings_its_own_servers():
    settings = Settings()
    assert settings.embedded
    assert settings.data == Path("data")


def test_file_is_read_and_the_environment_wins(monkeypatch):
    Path("mps.toml").write_text('chunk_size = 7\nmax_attempts = 9\ndatabase_url = "postgresql://file/db"\n')
    monkeypatch.setenv("MPS_CHUNK_SIZE", "8")
    settings = Settings()
    assert (settings.chunk_size, settings.max_attempts) == (8, 9)
    assert not settings.embedded


def test_an_argument_wins_over_both(monkeypatch):
    monkeypatch.setenv("MPS_CHUNK_SIZE", "8")
    assert Settings(chunk_size=9).chunk_size == 9


def test_one_url_alone_is_not_embedded(monkeypatch):
    """Else half of the registry would look elsewhere than its operator believes."""
    monkeypatch.setenv("MPS_REDIS_URL", "redis://localhost/0")
    assert not Settings().embedded


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MPS_PORT", "70000"),
        ("MPS_PORT", "http"),
        ("MPS_CHUNK_SIZE", "0"),
        ("MPS_CHUNK_SIZE", "1001"),
        ("MPS_SWEEP_EVERY_SECONDS", "0"),
        ("MPS_LOG_LEVEL", "LOUD"),
        ("MPS_REPORT_PUBLIC_THRESHOLD", "2"),
        ("MPS_REPORT_NIGHTLY_HOUR", "24"),
    ],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.removeprefix("MPS_").lower()):
        Settings()


def test_an_unknown_name_in_the_file_is_refused():
    Path("mps.toml").write_text("chunk_sise = 7\n")
    with pytest.raises(ValidationError, match="chunk_sise"):
        Settings()


def test_secrets_are_not_printed():
    shown = repr(Settings(database_url="postgresql://mps:hunter2@db/mps", api_key="mps_a_b"))
    assert "hunter2" not in shown
    assert "mps_a_b" not in shown


def test_settings_do_not_change_while_they_are_used():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described(name):
    """`mps doctor` prints the description; a Literal explains itself."""
    assert Settings.model_fields[name].description or name in ("log_level", "log_format")

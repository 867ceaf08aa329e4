"""Settings: environment variables with the prefix ``MPS_`` and an optional ``mps.toml``; the environment wins.

Nothing is read at import. Each entry point builds one ``Settings`` and passes it down.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

IN_FILES = ("database_url", "database_owner_url", "redis_url", "master_key", "api_key")
"""Secrets that may stand in a file, which is named in place of them."""


class Settings(BaseSettings):
    """Everything an operator may choose. Secrets print as stars."""

    model_config = SettingsConfigDict(env_prefix="MPS_", toml_file="mps.toml", extra="forbid", frozen=True)

    # servers; with neither URL the embedded ones are started and keep their data in `data`
    database_url: SecretStr | None = Field(None, description="postgresql://user:password@host/database")
    database_owner_url: SecretStr | None = Field(
        None, description="login that owns the tables, for `mps db`; that of MPS_DATABASE_URL unless given"
    )
    redis_url: SecretStr | None = Field(None, description="redis://host:port/0")
    data: Path = Field(Path("data"), description="folder of the embedded servers' data")

    # the keys under which payloads and free text are sealed; the embedded servers make their own, in `data`
    master_key: SecretStr | None = Field(
        None, description="master keys in base64, the one in force first; `mps master-key new` makes one"
    )

    # each secret may stand in a file instead, such as one that a service manager or Docker provides
    database_url_file: Path | None = Field(None, description="file that holds MPS_DATABASE_URL")
    database_owner_url_file: Path | None = Field(None, description="file that holds MPS_DATABASE_OWNER_URL")
    redis_url_file: Path | None = Field(None, description="file that holds MPS_REDIS_URL")
    master_key_file: Path | None = Field(None, description="file that holds MPS_MASTER_KEY")
    api_key_file: Path | None = Field(None, description="file that holds MPS_API_KEY")

    # this machine's API, and the one that `mps submit` sends to
    host: str = Field("127.0.0.1", description="address the API listens on")
    port: int = Field(8000, description="port the API listens on; 0 lets the system choose", ge=0, le=65535)
    api_url: str | None = Field(None, description="registry that `mps submit` sends to, https://...")
    api_key: SecretStr | None = Field(None, description="key of the site, mps_<keyid>_<secret>")

    # who works at the command line
    user_key: SecretStr | None = Field(
        None, description="one's own key at the command line, mps_<keyid>_<secret>"
    )
    user_key_file: Path | None = Field(None, description="file that holds it, readable by its owner alone")

    # intake
    max_submission_bytes: int = Field(1_000_000, description="largest body of a single submission", ge=1_000)
    max_batch_bytes: int = Field(
        100_000_000, description="largest body of a batch, after decompression", ge=1_000
    )
    max_batch_items: int = Field(200_000, description="most submissions in one batch sent to the API", ge=1)
    max_depth: int = Field(20, description="deepest nesting of a JSON body", ge=5)
    head_seconds: float = Field(
        10, description="time for the head of a request, and of idle connections", gt=0
    )
    body_seconds: float = Field(
        20, description="time for the body of a request, beside that of `body_bytes_per_second`", gt=0
    )
    body_bytes_per_second: int = Field(
        20_000, description="slowest sender whose larger bodies are waited for", ge=1
    )
    max_connections: int = Field(
        2_000, description="connections of one API process; beyond them it answers 503", ge=10
    )
    trusted_proxies: tuple[str, ...] = Field(
        ("127.0.0.1", "::1"),
        description="addresses or networks of proxies whose X-Forwarded-For and -Proto are believed",
    )
    rate_limit: int = Field(
        30_000, description="writes of one key in a window, a batch counts as 50; 0 does not limit", ge=0
    )
    refused_key_limit: int = Field(
        60, description="keys of one address that are refused with 401 in a window, then 429; 0: all", ge=0
    )
    rate_window_seconds: int = Field(60, description="the window of both limits", ge=1, le=86_400)
    batches_at_once: int = Field(
        4, description="batches that one API process reads at a time, of one site half as many", ge=1
    )
    metrics_token: SecretStr | None = Field(
        None, description="bearer token of /metrics; without one only this machine may read it"
    )

    backlog_limit: int = Field(
        500_000, description="waiting submissions at which intake answers 503 until they are fewer", ge=1
    )
    disk_reserve_bytes: int = Field(
        500_000_000, description="free space on the disk of `data` below which intake answers 503", ge=0
    )

    # pipeline
    chunk_size: int = Field(100, description="submissions per message", ge=1, le=1_000)
    site_window: int = Field(
        8,
        description="messages of one site's bulk uploads at the workers at a time; at least all workers' processes",
        ge=1,
    )
    chunk_seconds: int = Field(
        30, description="time a chunk may take; then each of its submissions has used one try", ge=1, le=300
    )
    worker_processes: int = Field(2, description="processes of one worker", ge=1)
    max_attempts: int = Field(3, description="tries of a submission before it is a dead letter", ge=1)
    sweep_after_seconds: int = Field(
        20, description="age after which a waiting submission is rung again", ge=1, le=300
    )
    sweep_every_seconds: float = Field(10, description="how often the sweeper looks", gt=0)
    seal_every_seconds: float = Field(60, description="how often new audit events are sealed", gt=0)
    withdraw_every_seconds: float = Field(
        600, description="how often withdrawals are looked for whose day has come", gt=0
    )

    # webhooks
    webhook_every_seconds: float = Field(10, description="how often sites are told what is new", gt=0)
    webhook_timeout_seconds: float = Field(
        10, description="how long a site's system may take to answer", gt=0
    )
    webhook_private_hosts: tuple[str, ...] = Field(
        (), description="hosts at private addresses that may be called, also by http"
    )

    # reports
    report_check_seconds: float = Field(
        60, description="how often the schedule asks whether a report is due", gt=0
    )
    report_debounce_seconds: float = Field(
        300, description="quiet time after the last change before a report", ge=0
    )
    report_nightly_hour: int = Field(2, description="hour (UTC) of the nightly report", ge=0, le=23)
    report_public_threshold: int = Field(11, description="smallest count in a public report", ge=3)
    report_staff_threshold: int = Field(5, description="smallest count shown to staff of another site", ge=1)
    limits: dict[str, float] = Field({}, description="plausibility limits other than the defaults, by name")
    opioid_table: str = Field("MPS-OME-1", description="conversion table of the primary analysis")

    # logs
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file: no `.env`, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @model_validator(mode="before")
    @classmethod
    def _read_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Put the contents of the files that are named into the places of their secrets."""
        read = dict(given)
        for name in IN_FILES:
            file = given.get(f"{name}_file")
            if not file:
                continue
            variable = f"MPS_{name.upper()}"
            if given.get(name):
                raise ValueError(f"set {variable} or {variable}_FILE, not both")
            try:
                read[name] = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is no text"
                raise ValueError(f"{variable}_FILE names a file that cannot be read: {reason}") from None
        return read

    @property
    def embedded(self) -> bool:
        """True when the registry brings its own servers."""
        return self.database_url is None and self.redis_url is None

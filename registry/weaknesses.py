"""What in the settings is weaker than it should be: secrets, their files, and connections that others could read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from registry.settings import IN_FILES, Settings

SHORTEST = 12
"""Characters of a password; of a token twice as many, for nobody types it."""


def weaknesses(settings: Settings) -> list[str]:
    """One sentence each: which setting, why, and what to do. No secret is repeated."""
    return [*_database(settings), *_queue(settings), *_api(settings), *_files(settings)]


def _database(settings: Settings) -> Iterator[str]:
    for name in ("database_url", "database_owner_url"):
        secret = getattr(settings, name)
        if secret is None:
            continue
        url, variable = urlsplit(secret.get_secret_value()), f"MPS_{name.upper()}"
        asked = parse_qs(url.query)
        if _is_near(url.hostname or asked.get("host", [""])[0]):
            continue
        if asked.get("sslmode", [""])[-1] != "verify-full":
            yield f"{variable}: no checked certificate; add ?sslmode=verify-full&sslrootcert=FILE"
        if "sslcert" not in asked:
            yield from _password(variable, url.password)


def _queue(settings: Settings) -> Iterator[str]:
    if settings.redis_url is None:
        return
    url = urlsplit(settings.redis_url.get_secret_value())
    if url.scheme == "unix" or _is_near(url.hostname or ""):
        return
    asked = parse_qs(url.query)
    if url.scheme != "rediss":
        yield "MPS_REDIS_URL: not encrypted; use rediss://...?ssl_ca_certs=FILE"
    elif asked.get("ssl_cert_reqs", ["required"])[-1].lower().removeprefix("cert_") != "required" or (
        asked.get("ssl_check_hostname", ["true"])[-1].lower() in ("false", "0", "no")
    ):
        yield "MPS_REDIS_URL: the certificate is not checked; take ssl_cert_reqs and ssl_check_hostname out"
    yield from _password("MPS_REDIS_URL", url.password)


def _api(settings: Settings) -> Iterator[str]:
    if settings.api_url is not None:
        url = urlsplit(settings.api_url)
        if url.scheme != "https" and not _is_near(url.hostname or ""):
            yield "MPS_API_URL: not encrypted; use https://"
    token = settings.metrics_token
    if token is not None and token.get_secret_value() and len(token.get_secret_value()) < 2 * SHORTEST:
        yield f"MPS_METRICS_TOKEN: short; take {2 * SHORTEST} random characters or more"
    if not settings.embedded and settings.master_key is None:
        yield "MPS_MASTER_KEY: missing, so nothing starts; `mps master-key new` makes one"


def _files(settings: Settings) -> Iterator[str]:
    for name in (*(f"{one}_file" for one in IN_FILES), "user_key_file"):
        path: Path | None = getattr(settings, name)
        if path is None or os.name != "posix":
            continue
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError as error:
            yield f"MPS_{name.upper()}: {path} cannot be read ({error.strerror})"
            continue
        if mode & 0o077:
            yield f"MPS_{name.upper()}: others on this machine may read {path}; run `chmod 600 {path}`"


def _password(variable: str, password: str | None) -> Iterator[str]:
    if not password:
        yield f"{variable}: no password"
    elif len(unquote(password)) < SHORTEST or len(set(password)) < SHORTEST // 2:
        yield f"{variable}: a weak password; take {SHORTEST} random characters or more"


def _is_near(host: str) -> bool:
    """True for this machine: what goes there does not go over a network."""
    return host in ("", "localhost", "::1") or host.startswith(("/", "127."))

"""Sites and their keys: who takes part, and how a hospital proves that it is one of them."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import available_timezones

from registry.errors import Conflict, KeyRefused, NotFound, WrongUsage
from registry.store import events, sites
from registry.store.database import Work
from registry.store.tables import ApiKey, Site

SCOPES = ("submit", "read", "query", "report")
MAX_ACTIVE_KEYS = 2  # the old one and the new one while a key is changed
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)
_KEY = re.compile(r"mps_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the key, its site and what it may do; ``site_pass`` lets its transactions see the site's rows."""

    key_id: str
    site_id: int
    site_code: str
    scopes: frozenset[str]
    site_pass: str

    @property
    def actor(self) -> str:
        """The name under which the audit trail knows the caller."""
        return f"key:{self.key_id}"


def add_site(work: Work, code: str, name: str, *, country: str | None, timezone: str, actor: str) -> Site:
    """Add a participating hospital."""
    if not _CODE.fullmatch(code):
        raise WrongUsage(
            "a site code has 2 to 12 capital letters and digits and begins with a letter, for example KND"
        )
    if timezone not in available_timezones():
        raise WrongUsage(f"{timezone} is no time zone; write one of the tz database, for example Asia/Tokyo")
    if sites.by_code(work.session, code):
        raise Conflict(f"there is a site {code} already")
    site = Site(code=code, name=name, country=country, timezone=timezone)
    work.session.add(site)
    work.session.flush()
    events.add(work.session, [events.happened("site.added", code, actor=actor, site_id=site.id)])
    return site


def disable_site(work: Work, code: str, *, actor: str) -> Site:
    """Stop taking submissions of a site; its cases stay."""
    site = the_site(work, code)
    site.active = False
    work.session.add(site)
    events.add(work.session, [events.happened("site.disabled", code, actor=actor, site_id=site.id)])
    return site


def the_site(work: Work, code: str) -> Site:
    """The site with this code, or the error that names those there are."""
    site = sites.by_code(work.session, code)
    if site is None:
        known = (
            ", ".join(s.code for s in sites.every(work.session)) or "none yet; add one with `mps site add`"
        )
        raise NotFound(f"there is no site {code}; known: {known}")
    return site


def issue_key(
    work: Work, code: str, *, scopes: list[str], days: int | None, label: str | None, actor: str
) -> str:
    """Make a key for a site; the secret is returned once and kept nowhere."""
    site = the_site(work, code)
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise WrongUsage(f"scopes are {', '.join(SCOPES)}; not {', '.join(unknown) or 'an empty list'}")
    now = work.now()
    active = [key["id"] for key in sites.keys(work.session, site.id) if key["active"]]
    if len(active) >= MAX_ACTIVE_KEYS:
        raise Conflict(
            f"{code} has {len(active)} active keys, {', '.join(active)}; revoke one with `mps key revoke`"
        )
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    expires = now + timedelta(days=days) if days else None
    assert site.id is not None
    work.session.add(
        ApiKey(
            id=key_id,
            site_id=site.id,
            secret_hash=_hash(secret),
            scopes=sorted(set(scopes)),
            label=label,
            expires_at=expires,
        )
    )
    events.add(
        work.session, [events.happened("key.issued", key_id, actor=actor, site_id=site.id, scopes=scopes)]
    )
    return f"mps_{key_id}_{secret}"


def revoke_key(work: Work, key_id: str, *, actor: str) -> None:
    """Refuse a key from now on."""
    key = sites.revoke_key(work.session, key_id)
    if key is None:
        raise NotFound(f"there is no key {key_id}; `mps key list` shows them")
    events.add(work.session, [events.happened("key.revoked", key_id, actor=actor, site_id=key.site_id)])


def authenticate(work: Work, bearer: str | None) -> Caller:
    """The caller behind a bearer key; unknown, wrong, expired and revoked keys all get the same answer."""
    match = _KEY.fullmatch(bearer or "")
    row = sites.key(work.session, match[1], _hash(match[2])) if match else None
    if row is None or not row.valid:
        raise KeyRefused()
    if row.stale:
        sites.key_used(work.session, row.id)
    return Caller(row.id, row.site_id, row.site_code, frozenset(row.scopes), row.site_pass)


def _hash(secret: str) -> bytes:
    """SHA-256; the secret has 256 random bits, so a slow password hash would only slow the intake."""
    return hashlib.sha256(secret.encode()).digest()

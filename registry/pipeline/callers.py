"""Callers: who makes a call, by the key that is shown, and whether the table of authority lets them."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.domain.authority import OPERATOR, Entry, table
from registry.errors import KeyRefused, NotAllowed
from registry.pipeline.keys import KEY, hashed
from registry.store import keys
from registry.store.database import OpenWork, Work


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a hospital's system by its key, or a person by a role.

    site_id, site_code  of the hospital, or of a person whose role is one of a site
    site_pass           lets transactions see the rows of that site
    scopes              what the hospital's key may do
    person, role        of a person
    """

    key_id: str
    site_id: int | None
    site_code: str | None
    site_pass: str | None
    scopes: frozenset[str]
    person: str | None = None
    role: str | None = None

    @property
    def actor(self) -> str:
        """The name under which the audit trail knows the caller."""
        return f"user:{self.person}" if self.person else f"key:{self.key_id}"

    @property
    def site(self) -> int:
        """The site's id, for calls that only those of a site may make."""
        if self.site_id is None:
            raise NotAllowed("this call is for those who belong to a hospital")
        return self.site_id


def authenticate(work: Work, bearer: str | None, *, own_servers: bool = False) -> Caller:
    """The caller behind a bearer key; unknown, wrong, expired and revoked keys all get the same answer.

    The key of an ``operator`` is good for embedded servers of one's own alone.
    """
    found = _let_in(work, [bearer or ""], own_servers=own_servers)
    if not found:
        raise KeyRefused()
    return found[bearer or ""]


def look_up(open_work: OpenWork, bearers: Sequence[str]) -> list[Caller | KeyRefused]:
    """The callers of several requests, in one statement; ``KeyRefused`` for each that is not let in."""
    with open_work() as work:
        found = _let_in(work, bearers)
    return [found.get(bearer) or KeyRefused() for bearer in bearers]


def _let_in(work: Work, bearers: Sequence[str], *, own_servers: bool = False) -> dict[str, Caller]:
    """Those who show a key that is good, by what they show. That it was used or refused is noted."""
    matches = [match for bearer in dict.fromkeys(bearers) if (match := KEY.fullmatch(bearer))]
    rows = keys.shown(work.session, [(match[1], hashed(match[2])) for match in matches]) if matches else []
    found = {}
    for match, row in zip(matches, rows, strict=True):
        if row is None:
            continue
        if not row.valid or (row.role == OPERATOR and not own_servers):
            keys.refused(work.session, row.id)
            continue
        if row.stale:
            keys.used(work.session, row.id)
        found[match[0]] = Caller(
            row.id, row.site_id, row.site_code, row.site_pass, frozenset(row.scopes), row.person, row.role
        )
    return found


def the_entry(call: str) -> Entry:
    """The row of a call. What has no row nobody may do, be it forgotten. Raises ``NotAllowed``."""
    if (found := table().get(call)) is None:
        raise NotAllowed(f"nobody may make the call `{call}`: it has no row in the table of authority")
    return found


def require(caller: Caller, call: str) -> None:
    """Raises ``NotAllowed`` unless the table lets the caller make the call."""
    if (entry := the_entry(call)).allows(role=caller.role, scopes=caller.scopes):
        return
    if caller.role is not None:
        raise NotAllowed(f"the role `{caller.role}` may not do this ({call}); docs/authority.md says who may")
    if entry.needs in ("key", "machine"):
        raise NotAllowed("this is a hospital's key; here people sign in with keys of their own")
    raise NotAllowed(
        f"this key does not carry the scope `{entry.needs}`; it has {', '.join(sorted(caller.scopes))}"
    )

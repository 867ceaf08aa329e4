"""Sites and their keys: who takes part, and how a hospital proves that it is one of them."""

import re
from zoneinfo import available_timezones

from registry.domain.authority import SCOPES
from registry.errors import Conflict, NotFound, WrongUsage
from registry.pipeline.keys import new_key
from registry.store import events, sites
from registry.store.database import Work
from registry.store.tables import Site

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)


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
    after = {"name": name, "country": country, "timezone": timezone}
    events.add(work.session, [events.happened("site.added", code, actor=actor, site_id=site.id, after=after)])
    return site


def disable_site(work: Work, code: str, *, actor: str) -> Site:
    """Stop taking submissions of a site; its cases stay."""
    site = the_site(work, code)
    change = {"before": {"active": site.active}, "after": {"active": False}}
    site.active = False
    work.session.add(site)
    events.add(work.session, [events.happened("site.disabled", code, actor=actor, site_id=site.id, **change)])
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
    return new_key(
        work, code, site_id=site.id, person_id=None, scopes=scopes, label=label, days=days, actor=actor
    )

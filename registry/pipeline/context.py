"""What rules may know beside the case: the day in the site's time zone, and the limits of the settings."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from registry.domain.limits import DEFAULT_LIMITS, Limits
from registry.domain.rules.rule import Context, Twin
from registry.errors import WrongUsage
from registry.settings import Settings


def context(settings: Settings, now: datetime, timezone: str, twins: tuple[Twin, ...] = ()) -> Context:
    """The context of checking a case of a site at a time; ``twins`` are the cases that ``link.py`` found."""
    return Context(today=now.astimezone(zone(timezone)).date(), limits=limits(settings), twins=twins)


def limits(settings: Settings) -> Limits:
    """The plausibility limits in force; limits that were changed carry another version."""
    return _limits(tuple(sorted(settings.limits.items())))


@lru_cache(maxsize=8)
def _limits(changed: tuple[tuple[str, float], ...]) -> Limits:
    if not changed:
        return DEFAULT_LIMITS
    named = ", ".join(f"{name}={value:g}" for name, value in changed)
    try:
        return replace(DEFAULT_LIMITS, **dict(changed), version=f"{DEFAULT_LIMITS.version} with {named}")  # type: ignore[arg-type]
    except TypeError as error:
        raise WrongUsage(f"MPS_LIMITS: {error}; registry/domain/limits.py lists the limits") from error


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The site's time zone; UTC where its name is not known on this machine."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")

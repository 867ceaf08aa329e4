"""Rows of sites."""

from sqlmodel import Session, col, select

from registry.store.tables import Site


def by_code(session: Session, code: str) -> Site | None:
    """The site with this code."""
    return session.exec(select(Site).where(col(Site.code) == code)).one_or_none()


def timezone(session: Session, site_id: int) -> str:
    """The name of the site's time zone."""
    return session.exec(select(Site.timezone).where(col(Site.id) == site_id)).one()


def every(session: Session) -> list[Site]:
    """All sites, by code."""
    return list(session.exec(select(Site).order_by(col(Site.code))).all())

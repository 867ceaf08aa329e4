"""Rows of cases by the linkage tokens that are in force."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

MOST = 20
"""Cases looked at for one token. What more cases share is no patient but a mistake in making the tokens."""

_OTHERS = text("""
    SELECT w.key, c.id, c.site_id
    FROM unnest(CAST(:keys AS bigint[]), CAST(:sites AS int[]), CAST(:tokens AS text[])) AS w (key, site_id, token)
    CROSS JOIN LATERAL (
        SELECT o.id, o.site_id FROM "case" o
        WHERE o.linkage @> ARRAY[w.token] AND o.site_id <> w.site_id ORDER BY o.id LIMIT :most
    ) c
    ORDER BY w.key, c.id
""")


def others(session: Session, wanted: Sequence[tuple[int, int, str]]) -> Sequence[Row[Any]]:
    """Cases of other sites (key, id, site_id) for each (key, site, token); asks nothing when there are no tokens."""
    if not wanted:
        return []
    keys, sites, tokens = zip(*wanted, strict=True)
    given = {"keys": list(keys), "sites": list(sites), "tokens": list(tokens), "most": MOST}
    return session.execute(_OTHERS, given).all()

"""Templates: the heading of a table for one form, or for a case in one row, generated from the dictionary."""

import csv
import io
from collections.abc import Iterator

from registry.domain.forms import FORMS_BY_NAME
from registry.errors import NotFound
from registry.formats.columns import columns, numbered
from registry.formats.csv.heading import ENVELOPE, WIDE

REPEATS = 3
"""Repeated groups in a template; more columns may be added by counting on."""


def template(form: str) -> str:
    """The heading of a form's table, or of the wide one, as one line of CSV. Raises ``NotFound``."""
    text = io.StringIO()
    csv.writer(text).writerow((*ENVELOPE, *headings(form)))
    return text.getvalue()


def templates() -> tuple[str, ...]:
    """Names of the templates."""
    return (*FORMS_BY_NAME, WIDE)


def headings(form: str) -> tuple[str, ...]:
    """The columns of a template after those of the envelope, in reading order."""
    if form == WIDE:
        return tuple(
            f"{name}{'[1]' if made.KEY else ''}.{heading}"
            for name, made in FORMS_BY_NAME.items()
            for heading in headings(name)
        )
    if form not in FORMS_BY_NAME:
        raise NotFound(f"there is no template {form[:60]}; choose one of {', '.join(templates())}")
    return tuple(_spread(list(columns(form))))


def _spread(paths: list[str]) -> Iterator[str]:
    """The paths with each repeated group written out, group by group."""
    at = 0
    while at < len(paths):
        group = paths[at].partition("[]")[0] if "[]" in paths[at] else None
        if group is None:
            yield paths[at]
            at += 1
            continue
        block = [path for path in paths[at:] if path.startswith(f"{group}[].")]
        for number in range(1, REPEATS + 1):
            yield from (numbered(path, number) for path in block)
        at += len(block)

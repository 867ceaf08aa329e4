"""What the audit trail keeps of a verdict: who sent what, and which version of a record came in place of which."""

from typing import Any

from sqlalchemy import Row

from registry.domain.check import Verdict
from registry.store import events


def decided(row: Row[Any], verdict: Verdict, known_as: str | None) -> dict[str, Any]:
    """The event of a submission that was read and judged; ``known_as`` is the registry's id of its case."""
    return events.happened(
        "submission.accepted" if verdict.accepted else "submission.rejected",
        str(row.id),
        actor="registry",
        site_id=row.site_id,
        case=known_as,
        added=len(verdict.added),
        findings=sorted({f.rule for f in verdict.findings}),
        **_sent(row),
        **_corrected(verdict),
    )


def rejected_unread(row: Row[Any], *, kept: bool) -> dict[str, Any]:
    """The event of a submission that could not be read, or of which nothing is kept because its case was erased."""
    said = _sent(row) if kept else {"sender": row.sender}
    return events.happened("submission.rejected", str(row.id), actor="registry", site_id=row.site_id, **said)


def _sent(row: Row[Any]) -> dict[str, Any]:
    return {"sender": row.sender, "content": row.content_hash}


def _corrected(verdict: Verdict) -> dict[str, Any]:
    """The records of which there was a version before: their form, and its hash and that of the new one.

    Why they were changed stands in the version of the record: it is text of the hospital's, and may have to go one day.
    """
    found = []
    for version in verdict.added if verdict.accepted else ():
        before = [one.hash for one in verdict.case.versions[version.record] if one.order < version.order]
        if before:
            found.append({"form": version.form, "before": before[-1], "after": version.hash})
    return {"corrected": found} if found else {}

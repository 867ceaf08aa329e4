"""Decisions: what is written to a submission once it is accepted or rejected."""

from typing import Any
from uuid import UUID

from registry.domain.check import Verdict
from registry.domain.findings import Finding
from registry.domain.submission import Submission


def verdict_decision(
    row_id: UUID, verdict: Verdict, known_as: str | None, submission: Submission
) -> dict[str, Any]:
    """The decision that a verdict is; ``known_as`` is the registry id of its case."""
    effect = {
        "case": known_as,
        "records_added": len(verdict.added),
        "records_known": len(submission.records) - len(verdict.added),
        "late": [{"form": v.form, "key": v.content.key} for v in verdict.late],
    }
    return decision(
        row_id,
        "accepted" if verdict.accepted else "rejected",
        list(verdict.findings),
        pseudonym=submission.case,
        effect=effect if verdict.accepted else None,
    )


def decision(
    row_id: UUID,
    state: str,
    findings: list[Finding],
    *,
    pseudonym: str | None = None,
    effect: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The decision on a submission; ``effect`` is what an accepted one did to its case."""
    return {
        "id": str(row_id),
        "state": state,
        "pseudonym": pseudonym,
        "findings": [f.as_json() for f in findings],
        "effect": effect,
    }

"""Derived: everything the registry makes of a case, as the row of the case stores it."""

from typing import Any

from registry.domain.analysis import analysis_row
from registry.domain.case import Case
from registry.domain.check import fingerprint, rules_version
from registry.domain.derive import derive
from registry.domain.findings import Finding
from registry.domain.linkage import tokens
from registry.domain.outcomes.outcome import Basis


def derived_row(
    case_id: int | None, case: Case, findings: tuple[Finding, ...], basis: Basis
) -> dict[str, Any]:
    """Everything that is derived from a case, as its row stores it."""
    derived = derive(case, basis)
    return {
        "id": case_id,
        "linkage": list(tokens(case)) or None,
        "derived": derived,
        "analysis": analysis_row(case, derived, findings, basis),
        "basis": {
            "cutoff": basis.cutoff.isoformat(),
            "opioid_table": basis.opioid_table,
            "rules": rules_version(),
            "records": case.hash,
            "findings": [[f.rule, fingerprint(f)] for f in findings],
        },
    }

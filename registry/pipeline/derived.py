"""Derived: everything the registry makes of a case, as the row of the case stores it."""

from typing import Any

from registry.domain.analysis import analysis_row
from registry.domain.analysis.flat import flat
from registry.domain.case import Case
from registry.domain.check import fingerprint, rules_version
from registry.domain.derive import derive
from registry.domain.findings import Finding
from registry.domain.linkage import tokens
from registry.domain.outcomes.outcome import Basis
from registry.domain.permitted_use import use_ended


def derived_row(case: Case, findings: tuple[Finding, ...], basis: Basis) -> dict[str, Any]:
    """Everything that is derived from a case, as its row stores it; nothing is once the use of its records has ended."""
    ended = use_ended(case)
    in_use = ended is None or ended.day > basis.cutoff
    derived = derive(case, basis) if in_use else []
    return {
        "linkage": list(tokens(case)) or None,
        "use_ends": ended.day.isoformat() if ended else None,
        "use_ends_by": ended.level if ended else None,
        "derived": derived,
        "analysis": flat(analysis_row(case, derived, findings, basis)) if in_use else None,
        "basis": {
            "cutoff": basis.cutoff.isoformat(),
            "opioid_table": basis.opioid_table,
            "rules": rules_version(),
            "records": case.hash,
            "findings": [[f.rule, fingerprint(f)] for f in findings],
        },
    }

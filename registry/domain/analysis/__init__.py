"""The analysis row: one JSON object per case with everything a report needs, nothing that names a patient.

Rows are stored when a case changes and counted when a report is made. A row depends on the records and,
before ``settled_on``, on the cut-off; never on the day it was made.
"""

from typing import Any

from registry.domain.analysis.baseline import baseline
from registry.domain.analysis.benefit import benefit
from registry.domain.analysis.completeness import completeness
from registry.domain.analysis.person import person
from registry.domain.analysis.response import responses
from registry.domain.analysis.row import ANALYSIS_VERSION, AnalysisRow, ResponseRow, SurvivalRow, WindowRow
from registry.domain.analysis.settling import settled_on
from registry.domain.analysis.survival import survival
from registry.domain.analysis.therapy import therapy
from registry.domain.case import Case
from registry.domain.findings import Finding
from registry.domain.outcomes.outcome import Basis
from registry.domain.rules import RULES

__all__ = [
    "ANALYSIS_VERSION",
    "AnalysisRow",
    "ResponseRow",
    "SurvivalRow",
    "WindowRow",
    "analysis_row",
]

_BLOCKING = frozenset(rule.id for rule in RULES if rule.blocking)


def analysis_row(
    case: Case, derived: list[dict[str, Any]], findings: tuple[Finding, ...], basis: Basis
) -> dict[str, Any]:
    """The row of a case as plain JSON (see ``AnalysisRow``): from records, derived values and findings."""
    values = {(row["outcome"], row["subject"]): row for row in derived}
    answered = responses(case, values, basis)
    return {
        "analysis_version": ANALYSIS_VERSION,
        "settled_on": settled_on(case, basis),
        "open_blocking": sorted({f.rule for f in findings if f.severity == "query" and f.rule in _BLOCKING}),
        **person(case, values, basis),
        **baseline(case, basis),
        **therapy(case, values, basis),
        **survival(case, values),
        **answered,
        **benefit(case, values, basis),
        "completeness": completeness(case, answered, basis),
    }

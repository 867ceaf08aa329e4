"""Derive everything from a case: the list of outcomes, each value with its provenance, as plain JSON.

The same case and basis give the same bytes, whatever the order in which the records arrived.
"""

from typing import Any

from registry.domain.case import Case
from registry.domain.forms import DICTIONARY_VERSION
from registry.domain.outcomes import OUTCOMES
from registry.domain.outcomes.outcome import Basis, Derived, Outcome


def derive(case: Case, basis: Basis) -> list[dict[str, Any]]:
    """All derived values of a case, in order of outcome and subject."""
    return [
        _row(case, basis, outcome, derived)
        for outcome in OUTCOMES
        for derived in sorted(outcome.derive(case, basis), key=lambda d: d.subject)
    ]


def _row(case: Case, basis: Basis, outcome: Outcome, derived: Derived) -> dict[str, Any]:
    inputs = sorted({(form.NAME, form.key, case.version_of(form).hash) for form in derived.inputs})
    return {
        "outcome": outcome.id,
        "algorithm_version": outcome.version,
        "subject": derived.subject,
        "value": derived.value,
        "evaluable": derived.evaluable,
        "reason": derived.reason,
        "flags": list(derived.flags),
        "explanation": derived.explanation,
        "opioid_table": basis.opioid_table if outcome.uses_opioid_table else None,
        "dictionary": DICTIONARY_VERSION,
        "inputs": [{"form": form, "key": key, "hash": digest} for form, key, digest in inputs],
    }

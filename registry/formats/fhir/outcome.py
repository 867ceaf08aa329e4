"""OperationOutcome: the answer to a sender who speaks FHIR."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from registry.formats.fhir.values import Json

MEDIA_TYPE = "application/fhir+json"
RULES = "urn:mps-registry:rule"

_SEVERITY = {"reject": "error", "query": "warning", "note": "information"}
_CODES = {  # issue types of FHIR R4 (IssueType) for what has a closer one than a broken rule
    "fhir_structure": "structure",
    "not_json": "structure",
    "too_deep": "structure",
    "duplicate_key": "structure",
    "required": "required",
    "unresolved_reference": "not-found",
    "patient_refused": "not-found",
    "unknown_drug": "code-invalid",
    "disease_status": "code-invalid",
    "score": "value",
    "dose_unit": "value",
    "too_large": "too-long",
    "passed_over": "informational",
}
_PATH = re.compile(r"[A-Z][A-Za-z]+(\.[a-z][A-Za-z]*(\[\d+\])?)*")


def of_batch(receipt: Mapping[str, Any]) -> Json:
    """The outcome of a batch from its receipt, or of its dry run: counts, and one issue for each finding."""
    items = receipt["verdicts"] if "verdicts" in receipt else receipt["items"]
    return _outcome([*_counts(receipt), *_notes(receipt), *_items(items)])


def of_problem(status: int, faults: list[dict[str, str]]) -> Json:
    """The outcome of a request that was refused as a whole, from the faults of its problem."""
    severity = "fatal" if status >= 500 else "error"
    return _outcome([_fault(severity, one) for one in faults])


def _fault(severity: str, fault: dict[str, str]) -> Json:
    place = fault.get("place", "")
    expression = _expression(place, fault["pointer"])
    text = f"{place}: {fault['detail']}" if place and not expression else fault["detail"]
    return _issue(severity, fault["code"], text, expression)


def _counts(receipt: Mapping[str, Any]) -> Iterator[Json]:
    states = ("accepted", "rejected", "failed", "waiting")
    counts = ", ".join(f"{receipt[name]} {name}" for name in states if name in receipt)
    tried = "; a dry run, nothing was stored" if receipt.get("dry_run") else ""
    yield _issue("information", "informational", f"received {receipt['received']}: {counts}{tried}", "")


def _notes(receipt: Mapping[str, Any]) -> Iterator[Json]:
    for one in receipt.get("notes") or ():
        yield _issue("information", one["rule"], one["message"], "")


def _items(items: list[dict[str, Any]]) -> Iterator[Json]:
    for item in items:
        place = item.get("place") or f"item {item['position'] + 1}"
        if item["state"] == "failed":
            text = f"{place}: could not be decided for a reason that is not in the data; the registry looks after it"
            yield _issue("fatal", "exception", text, "")
        for one in item["findings"]:
            expression = _expression(place, one["pointer"])
            text = one["message"] if expression else f"{place} {one['pointer']}: {one['message']}"
            yield _issue(_SEVERITY[one["severity"]], one["rule"], text, expression)


def _issue(severity: str, rule: str, text: str, expression: str) -> Json:
    code = rule if rule in ("informational", "exception") else _CODES.get(rule, "business-rule")
    made: Json = {"severity": severity, "code": code, "diagnostics": text}
    if rule not in ("informational", "exception"):
        made["details"] = {"coding": [{"system": RULES, "code": rule}]}
    if expression:
        made["expression"] = [expression]
    return made


def _expression(place: str, pointer: str) -> str:
    """FHIRPath of the culprit; empty where the pointer speaks of the record that was made, or of a line."""
    if pointer.startswith("/forms") or (place and not _PATH.fullmatch(place)):
        return ""
    steps = [f"[{step}]" if step.isdigit() else f".{step}" for step in pointer.split("/")[1:]]
    return (place + "".join(steps)).lstrip(".")


def _outcome(issues: list[Json]) -> Json:
    return {"resourceType": "OperationOutcome", "issue": issues}

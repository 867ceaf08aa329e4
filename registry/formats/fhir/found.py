"""What a resource says, as a record of a form."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from registry.domain.findings import Finding
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.form import required_names
from registry.formats.fhir.terms import KEY
from registry.formats.fhir.values import Json, NotUsable, identified, referenced

MAX_KEY = 40
"""Longest id of a treatment in a case."""


@dataclass(slots=True)
class Found:
    """A record that a resource holds.

    content      the record as it is sent
    notes        what the sender should know about the mapping
    recorded_at  time of recording that the resource itself states
    reason       reason for a correction that the resource itself states
    whole        True when the content was not mapped but sent as it is
    """

    form: str
    content: dict[str, Any]
    notes: list[Finding] = field(default_factory=list)
    recorded_at: str | None = None
    reason: str | None = None
    whole: bool = False


def record(form: str, **content: Any) -> dict[str, Any]:
    """The stated values of a record; what is None is left out."""
    return {name: value for name, value in content.items() if value is not None and value != {}}


def complete(form: str, content: dict[str, Any]) -> dict[str, Any]:
    """The record with ``not_stated`` for every required variable that the resources did not state."""
    missing = dict(content.get("missing", {}))
    for name in required_names(FORMS_BY_NAME[form]):
        if name not in content:
            missing.setdefault(name, "not_stated")
    missing = {name: reason for name, reason in missing.items() if name not in content}
    stated = {name: value for name, value in content.items() if name != "missing"}
    return {**stated, "missing": missing} if missing else stated


def treatment_key(resource: Json) -> str:
    """The name by which a treatment is known again when it is sent again: at most 40 letters, digits and ``_.-``.

    Its identifier of the registry's system; else a hash of another identifier, which may be an accession number and
    lead to the person; else the server's id. Raises ``NotUsable`` when it has none of them.
    """
    if named := identified(resource, KEY):
        return "".join(c if c.isascii() and (c.isalnum() or c in "_.-") else "-" for c in named)[-MAX_KEY:]
    for one in referenced(resource, "identifier"):
        if one.get("value"):
            return hashlib.sha256(f"{one.get('system', '')}|{one['value']}".encode()).hexdigest()[:16]
    if "id" in resource:
        return str(resource["id"])[-MAX_KEY:]
    text = f"the treatment has no identifier; give one of the system {KEY}"
    raise NotUsable("required", "/identifier", text)

"""From a bundle to the resources in it, each with its place; what cannot be taken is said there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from registry.domain.findings import Finding
from registry.errors import BadRequest, TooLarge
from registry.formats.fhir.structure import READ, structure_faults
from registry.formats.fhir.values import Json, codes
from registry.formats.item import note, refusal

BUNDLES = ("collection", "transaction", "batch", "searchset")

_OUT = frozenset({"entered-in-error", "preliminary", "registered", "cancelled", "unknown", "draft"})
"""States in which a resource says nothing that may be counted."""
_CONDITION_STATUS = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


@dataclass(slots=True)
class Held:
    """A resource of an incoming file.

    place     FHIRPath, or the line of an NDJSON file
    faults    why it is refused; empty when it is sound
    """

    place: str
    resource: Json
    full_url: str = ""
    faults: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Pool:
    """The resources that may refer to one another, and what was passed over.

    recorded_at  time of the bundle they came in
    """

    held: list[Held] = field(default_factory=list)
    recorded_at: str | None = None
    passed: Counter[str] = field(default_factory=Counter)

    def add(self, place: str, resource: Any, full_url: str = "") -> None:
        """Take a resource in, or count why it is passed over."""
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            fault = refusal(
                "fhir_structure", "", "this is no resource: an object with a `resourceType` is expected"
            )
            self.held.append(Held(place, {}, full_url, [fault]))
            return
        kind = resource["resourceType"]
        if kind not in READ:
            self.passed[f"{kind[:40]} is not read"] += 1
            return
        faults = structure_faults(resource)
        if not faults and (why := _out(resource)):
            self.passed[f"{kind} {why} says nothing that may be counted"] += 1
            return
        self.held.append(Held(place, resource, full_url, faults))

    def notes(self) -> list[Finding]:
        """What was passed over, and how often."""
        return [note("passed_over", f"{what} ({count})") for what, count in sorted(self.passed.items())]


def _out(resource: Json) -> str:
    """The state for which a resource is passed over; empty when it is taken."""
    verified = codes(resource.get("verificationStatus"), _CONDITION_STATUS)
    for status in (resource.get("status"), *verified):
        if status in _OUT or status == "refuted":
            return str(status)
    return ""


MOST_ENTRIES = 250_000
"""Resources of one bundle, which are all held at once; a hundred megabytes of real ones are fewer."""


def open_bundle(document: Any, place: str = "") -> Pool:
    """The resources of a bundle, or of a single resource. Raises ``BadRequest`` for another kind of document, and ``TooLarge``."""
    where = f"{place} " if place else ""
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        raise BadRequest(f"{where}no FHIR resource: `resourceType` is missing", code="fhir_structure")
    pool = Pool()
    if document["resourceType"] != "Bundle":
        pool.add(place or document["resourceType"][:40], document)
        return pool
    if document.get("type") not in BUNDLES:
        text = f"{where}bundles of type {', '.join(BUNDLES)} are read; send one of these"
        raise BadRequest(text, code="bundle_type", pointer="/type")
    entries = document.get("entry", [])
    if not isinstance(entries, list):
        raise BadRequest(f"{where}`entry` is to be an array", code="fhir_structure", pointer="/entry")
    if len(entries) > MOST_ENTRIES:
        raise TooLarge(f"{where}one bundle may have {MOST_ENTRIES} entries; send the rest in another")
    stamp = document.get("timestamp")
    pool.recorded_at = stamp if isinstance(stamp, str) else None
    for number, entry in enumerate(entries):
        for one in _entry(f"{place}: " * bool(place) + f"Bundle.entry[{number}]", entry):
            if isinstance(one, Held):
                pool.held.append(one)
            else:
                pool.add(*one)
    return pool


def _entry(place: str, entry: Any) -> Iterator[Held | tuple[str, Any, str]]:
    """What one entry brings: its resource, or why it is refused."""
    if not isinstance(entry, dict):
        yield Held(place, {}, "", [refusal("fhir_structure", "", "an entry is to be an object")])
        return
    request = entry.get("request")
    method = request.get("method") if isinstance(request, dict) else None
    if method in ("DELETE", "PATCH"):
        text = f"{method} is not taken: withdraw a record with `retracted`, correct it by sending it again"
        yield Held(place, {}, "", [refusal("fhir_method", "/request/method", text)])
    elif "resource" in entry:
        url = entry.get("fullUrl")
        yield f"{place}.resource", entry["resource"], url if isinstance(url, str) else ""
    elif method not in ("GET", "HEAD"):
        yield Held(place, {}, "", [refusal("fhir_structure", "/resource", "the entry has no resource")])

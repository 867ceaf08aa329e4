"""References between resources: by fullUrl, by type and id, by what is contained, by identifier."""

from collections.abc import Iterable

from registry.formats.fhir.bundle import Held
from registry.formats.fhir.structure import READ, structure_faults
from registry.formats.fhir.values import Json


class References:
    """Finds what a reference speaks of among the resources of a file; what is not there is None, never an error."""

    def __init__(self, held: Iterable[Held]) -> None:
        self._by_url: dict[str, Held] = {}
        self._by_identifier: dict[tuple[str, str, str], Held] = {}
        for one in held:
            kind = one.resource.get("resourceType", "")
            if one.full_url:
                self._by_url.setdefault(one.full_url, one)
            if isinstance(found := one.resource.get("id"), str):
                self._by_url.setdefault(f"{kind}/{found}", one)
            if not one.faults:
                for system, value in _identifiers(one.resource):
                    self._by_identifier.setdefault((kind, system, value), one)

    def held(self, reference: Json | None, kind: str = "") -> Held | None:
        """The resource a reference speaks of; with ``kind`` also by its identifier."""
        said = reference or {}
        target = str(said.get("reference", ""))
        if found := self._by_url.get(target):
            return found
        if found := self._by_url.get(local(target)):
            return found
        identifier = said.get("identifier", {})
        wanted = (
            kind or str(said.get("type", "")),
            identifier.get("system", ""),
            identifier.get("value", ""),
        )
        return self._by_identifier.get(wanted)

    def resource(self, reference: Json | None, inside: Json, kind: str = "") -> Json | None:
        """The sound resource a reference inside a resource speaks of, contained or in the file."""
        target = str((reference or {}).get("reference", ""))
        if target.startswith("#"):
            for one in inside.get("contained", ()):
                if one.get("id") == target[1:] and one.get("resourceType") in READ:
                    return None if structure_faults(one) else one
            return None
        found = self.held(reference, kind)
        return found.resource if found and not found.faults else None


def local(reference: str) -> str:
    """A reference without the server and the version: ``Patient/a``; one of another kind is empty."""
    if reference.startswith(("urn:", "#")):
        return ""
    return "/".join(reference.partition("/_history/")[0].split("/")[-2:])


def _identifiers(resource: Json) -> Iterable[tuple[str, str]]:
    found = resource.get("identifier", [])
    for one in found if isinstance(found, list) else (found,):
        if one.get("value"):
            yield one.get("system", ""), one["value"]

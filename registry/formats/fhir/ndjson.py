"""NDJSON of single resources: a file of any length, read one patient after the other.

The lines of a bulk export stand in any order, and those of one patient make records together. A first pass notes where
each patient's lines are; a second reads them patient by patient. So memory holds one patient and a few bytes a line.
"""

from array import array
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from registry.formats.fhir.bundle import Held, Pool
from registry.formats.fhir.patients import case_of
from registry.formats.fhir.references import local
from registry.formats.fhir.terms import CASE
from registry.formats.fhir.values import Json, NotUsable
from registry.formats.item import refusal

MOST = 20_000
"""Resources of one patient that are read together."""

SHARED = frozenset({"BodyStructure", "Medication"})
"""Resources that only others refer to; they are read again with whatever does."""


class Index:
    """Where the single resources of a file are, by what they say of their patient."""

    def __init__(self, file: BinaryIO, case_system: str | None) -> None:
        self._file, self._systems = file, (CASE, case_system)
        self._case_system = case_system
        self._places: dict[str, array[int]] = {}  # offset and line, by the patient as a resource names it
        self._patients: dict[str, str] = {}  # the patient by every name a resource may use
        self._shared: dict[str, tuple[int, int]] = {}

    def add(self, offset: int, line: int, resource: Json, passed: Pool) -> list[Held]:
        """Note a resource; gives back one that others refer to and that is not sound."""
        kind = resource.get("resourceType")
        if kind in SHARED:
            looked = Pool(passed=passed.passed)
            looked.add(f"line {line}", resource)
            if any(held.faults for held in looked.held):
                return looked.held
            for name in _names(resource) if looked.held else ():
                self._shared.setdefault(name, (offset, line))
            return []
        mine = self._patient(resource, line) if kind == "Patient" else _named(resource.get("subject"))
        self._places.setdefault(mine, array("Q")).extend((offset, line))
        return []

    def _patient(self, resource: Json, line: int) -> str:
        """The patient under one name, which all its other names lead to."""
        try:
            name = f"{CASE}|{case_of(resource, self._case_system)[0]}"
        except (NotUsable, TypeError, AttributeError):  # its structure was not judged yet
            name = f"line {line}"
        for other in _names(resource):
            self._patients.setdefault(other, name)
        return name

    def pools(self) -> Iterator[Pool]:
        """The resources of each patient with what they refer to, in the order in which the patients come."""
        together: dict[str, array[int]] = {}
        while self._places:
            named, places = next(iter(self._places.items()))
            del self._places[named]
            together.setdefault(self._one(named), array("Q")).extend(places)
        for named, places in together.items():
            pairs = sorted(zip(places[::2], places[1::2], strict=True))
            del places[:]
            yield self._pool(pairs[:MOST])
            for first in range(MOST, len(pairs), MOST):
                rest = pairs[first : first + MOST]
                yield self._too_many(rest) if named else self._pool(rest)

    def _one(self, named: str) -> str:
        """The one name of the patient that a resource names."""
        system, _, value = named.rpartition("|")
        found = self._patients.get(named, named)
        return f"{CASE}|{value}" if found == named and system in self._systems else found

    def _pool(self, pairs: list[tuple[int, int]]) -> Pool:
        pool, wanted = Pool(), dict[tuple[int, int], None]()
        for offset, line in pairs:
            resource = self._read(offset)
            pool.add(f"line {line}", resource)
            if isinstance(resource, dict):
                found = (self._shared.get(name) for name in _referred(resource))
                wanted.update(dict.fromkeys(one for one in found if one))
        for offset, line in wanted:
            pool.add(f"line {line}", self._read(offset))
        return pool

    @staticmethod
    def _too_many(pairs: list[tuple[int, int]]) -> Pool:
        text = f"more than {MOST} resources of one patient; send these in a further file, with the Patient"
        return Pool([Held(f"line {line}", {}, "", [refusal("too_many", "", text)]) for _, line in pairs])

    def _read(self, offset: int) -> Any:
        self._file.seek(offset)
        return orjson.loads(self._file.readline())


def _named(reference: Any) -> str:
    """The patient as a reference names it, whatever its form; empty when it names none."""
    if not isinstance(reference, dict):
        return ""
    if target := local(str(reference.get("reference") or "")):
        return target
    identifier = reference.get("identifier")
    return _identifier(identifier) if isinstance(identifier, dict) else ""


def _names(resource: Json) -> Iterator[str]:
    """The names by which others may refer to a resource."""
    yield f"{resource.get('resourceType')}/{resource.get('id')}"
    found = resource.get("identifier")
    for one in found if isinstance(found, list) else (found,):
        if isinstance(one, dict) and one.get("value"):
            yield _identifier(one)


def _identifier(identifier: Json) -> str:
    return f"{identifier.get('system', '')}|{identifier.get('value', '')}"


def _referred(value: Any) -> Iterator[str]:
    """What a resource refers to, wherever in it."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str) or isinstance(value.get("identifier"), dict):
            yield _named(value)
        for inner in value.values():
            yield from _referred(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _referred(inner)

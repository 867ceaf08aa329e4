"""FHIR in: each record that the resources of a file hold becomes one submission; a resource that cannot is refused."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from registry.domain.findings import Finding
from registry.errors import BadRequest, TooLarge
from registry.formats.fhir.bundle import Held, Pool, open_bundle
from registry.formats.fhir.merge import Merger
from registry.formats.fhir.ndjson import Index
from registry.formats.fhir.resources import Mapper
from registry.formats.fhir.values import Json, NotUsable
from registry.formats.item import Incoming, Item, Options, refusal
from registry.formats.json import document
from registry.formats.lines import lines
from registry.formats.whole import read_whole

MAX_DEPTH = 60
"""Deepest nesting of a resource; narrative and contained resources included."""

MOST_RESOURCES = 500_000
"""Lines of a body that is in memory: those of 100 MB of real resources."""

_NAMING = (
    "text",
    "contained",
    "identifier",
    "name",
    "telecom",
    "address",
    "photo",
    "contact",
    "note",
    "performer",
)
"""Elements that may name the patient or a person; they are not kept of a refused resource."""


def read_bundle(file: BinaryIO, options: Options) -> Incoming:
    """The submissions in a bundle, or in a single resource. Raises ``BadRequest`` for the file as a whole."""
    body = read_whole(
        file, "send smaller bundles, or one resource or bundle a line, as application/fhir+ndjson"
    )
    parsed, problem = document(body, max_depth=MAX_DEPTH)
    if problem is not None:
        raise BadRequest(problem.message, code=problem.rule, pointer=problem.pointer)
    return _incoming([open_bundle(parsed)], options)


def read_ndjson(file: BinaryIO, options: Options) -> Incoming:
    """The submissions in a file of one resource or one bundle a line; the file must be one that can be sought in.

    A bundle stands for itself; single resources may refer to one another, and are read one patient after the other
    when the file has ended.
    """
    incoming = Incoming(iter(()))
    incoming.items = _lines(file, options, incoming.notes)
    return incoming


def _lines(file: BinaryIO, options: Options, notes: list[Finding]) -> Iterator[Item]:
    index, together = Index(file, options.case_system), Pool()
    for number, begin, line in lines(file):
        if number > MOST_RESOURCES and isinstance(file, io.BytesIO):
            raise TooLarge(f"one batch may have {MOST_RESOURCES} lines of FHIR; send the rest in another")
        place = f"line {number}"
        parsed, problem = document(line, max_depth=MAX_DEPTH)
        if problem is not None:
            yield Item(place, None, (problem,), b"")
        elif not isinstance(parsed, dict):
            together.add(place, parsed)
            yield from _items(Pool([together.held.pop()]), options)
        elif parsed.get("resourceType") == "Bundle":
            try:
                pool = open_bundle(parsed, place)
            except BadRequest as error:
                yield Item(place, None, (refusal(str(error.facts.get("code", error.code)), "", str(error)),))
                continue
            yield from _items(pool, options)
            together.passed.update(pool.passed)
        else:
            yield from _items(Pool(index.add(begin, number, parsed, together)), options)
    for pool in index.pools():
        yield from _items(pool, options)
        together.passed.update(pool.passed)
    notes.extend(together.notes())


def _incoming(pools: list[Pool], options: Options) -> Incoming:
    incoming = Incoming(iter(()))

    def items() -> Iterator[Item]:
        for pool in pools:
            yield from _items(pool, options)
            incoming.notes.extend(pool.notes())

    incoming.items = items()
    return incoming


def _items(pool: Pool, options: Options) -> Iterator[Item]:
    """The items of resources that may refer to one another: first what is refused, then the records by case."""
    mapper, merger = Mapper(pool, options.case_system), Merger()
    for held in pool.held:
        if held.faults:
            yield Item(held.place, None, tuple(held.faults), _kept(held.resource))
            continue
        try:
            for found in mapper.found(held):
                merger.add(
                    mapper.case(held), held, found, _recorded_at(found.recorded_at, held, pool, options)
                )
        except NotUsable as fault:
            problem = refusal(fault.code, fault.pointer, str(fault))
            yield Item(held.place, None, (problem,), _kept(held.resource))
    yield from merger.items(options.reason)


def _recorded_at(own: str | None, held: Held, pool: Pool, options: Options) -> str:
    """When it was recorded: said by the record itself, with the file, by the bundle, or by the resource."""
    updated = held.resource.get("meta", {}).get("lastUpdated")
    found = own or options.recorded_at or pool.recorded_at or updated
    if found is None:
        text = "nobody said when this was recorded; send `recorded_at` with the file, Bundle.timestamp or lastUpdated"
        raise NotUsable("required", "/meta/lastUpdated", text)
    return str(found)


def _kept(resource: Json) -> bytes:
    """What is kept of a refused resource: no narrative, and nothing that may name a person."""
    if resource.get("resourceType") == "Patient":
        kept: dict[str, Any] = {k: resource[k] for k in ("resourceType", "id", "gender") if k in resource}
    else:
        kept = {k: v for k, v in resource.items() if k not in _NAMING}
    return orjson.dumps(kept)

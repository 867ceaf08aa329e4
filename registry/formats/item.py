"""What an incoming format gives: items, each an envelope for the registry or what is wrong with it.

A format is a mapping ``bytes -> items`` and nothing else. Every line, row or resource of a file ends in exactly one
item, so none is lost and none blocks its neighbours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from registry.domain.findings import Finding
from registry.domain.reading import PSEUDONYM, read_submission

_CASE = re.compile(rb'"case"\s*:\s*"(%s)"' % PSEUDONYM.pattern.encode())


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an incoming file.

    place     where it stands in the file, for people: ``line 12``, ``Bundle.entry[3].resource``
    envelope  the submission as plain JSON; None when the item is refused
    problems  what is wrong with a refused item; beside an envelope only notes
    source    what came, where that is not the envelope: the text of a row, the JSON of a resource
    case      the pseudonym that a refused item names
    """

    place: str
    envelope: bytes | None = None
    problems: tuple[Finding, ...] = ()
    source: bytes = b""
    case: str | None = None

    def names_case(self) -> str | None:
        """The pseudonym that the item seems to be about, unread: by it a case's submissions keep their order."""
        if self.envelope is None:
            return self.case
        found = _CASE.search(self.envelope)
        return found[1].decode() if found else _named_in_full(self.envelope)

    @property
    def payload(self) -> bytes:
        """What is kept of the item: the envelope, or what came."""
        return self.source if self.envelope is None else self.envelope


def _named_in_full(envelope: bytes) -> str | None:
    """The same of a document that writes its ``case`` in another way, such as with escapes."""
    try:
        document = orjson.loads(envelope)
    except orjson.JSONDecodeError:
        return None
    case = document.get("case") if isinstance(document, dict) else None
    return case if isinstance(case, str) and PSEUDONYM.fullmatch(case) else None


@dataclass(slots=True)
class Incoming:
    """An incoming file.

    items  in the order of the file, made while they are read
    notes  about the file as a whole; complete once all items are read
    head   first line of a table, to which the rows given back belong
    count  of the items, where it is known before they are made
    """

    items: Iterator[Item]
    notes: list[Finding] = field(default_factory=list)
    head: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What the sender says beside the file.

    recorded_at  time of recording of every item that brings none of its own, with its time zone
    reason       why records that were accepted before are changed, for every item that brings none of its own
    charset      encoding of a table, where the sender knows it
    form         form of a table whose columns fit several
    case_system  identifier system by which a FHIR Patient carries the site's pseudonym
    mapping      mapping file of a foreign REDCap project (YAML)
    dictionary   data dictionary of that project (CSV)
    """

    recorded_at: str | None = None
    reason: str | None = None
    charset: str | None = None
    form: str | None = None
    case_system: str | None = None
    mapping: str | None = None
    dictionary: str | None = None


NO_OPTIONS = Options()


def item_of(place: str, document: dict[str, object], problems: list[Finding], source: bytes = b"") -> Item:
    """The item of a mapped document.

    With a problem that refuses it, the rest of the document is read as well: the sender is told everything at once.
    """
    if not any(problem.severity == "reject" for problem in problems):
        return Item(place, orjson.dumps(document), tuple(problems), source)
    said = {problem.pointer for problem in problems}
    _, more = read_submission(document)
    case = document.get("case")
    named = case if isinstance(case, str) and PSEUDONYM.fullmatch(case) else None
    return Item(place, None, (*problems, *(one for one in more if one.pointer not in said)), source, named)


def refusal(code: str, pointer: str, message: str, form: str = "") -> Finding:
    """A finding that refuses an item."""
    return Finding(code, "reject", pointer, message, form)


def note(code: str, message: str, pointer: str = "") -> Finding:
    """A finding that only says something."""
    return Finding(code, "note", pointer, message)

"""Project XML: ODM 1.3.1 with REDCap's own attributes, read as it streams by.

Any ``<!DOCTYPE`` is refused at once: what could be declared in it (entities that grow, files to fetch) is never read.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from registry.errors import BadRequest
from registry.formats.redcap.entry import Entry, Export

MAX_DEPTH = 40
BLOCK = 65_536
MAX_TAG = 1_000_000
"""Bytes of one tag with its attributes: the parser begins it anew with every block."""

ODM = "http://www.cdisc.org/ns/odm/v1.3"
REDCAP = "https://projectredcap.org"

Key = tuple[str, str, str]
"""(event, instrument, instance) inside a record."""


def read_odm(file: BinaryIO) -> Export:
    """The entries of a project XML. Raises ``BadRequest`` for anything else, also when it breaks off midway."""
    reader = _Reader()
    entries = _entries(file, reader)
    return Export(entries, reader.fields)


def _entries(file: BinaryIO, reader: "_Reader") -> Iterator[Entry]:
    fed = 0
    try:
        while block := file.read(BLOCK):
            reader.parser.Parse(block, False)
            yield from reader.take()
            fed += len(block)
            if fed - reader.parser.CurrentByteIndex > MAX_TAG:
                raise BadRequest(f"the XML has a tag of more than {MAX_TAG} bytes", code="tag_too_long")
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadRequest(
            f"not XML: {expat.ErrorString(error.code)} at line {error.lineno}, column {error.offset + 1}",
            code="not_xml",
        ) from None
    except (LookupError, ValueError):  # an encoding that does not exist, or that expat cannot follow
        raise BadRequest(
            "the encoding that the XML declares is not read; save it as UTF-8", code="not_xml"
        ) from None
    yield from reader.take()


class _Reader:
    """What the parser tells, turned into entries."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.fields: list[str] = []
        self._depth = 0
        self._forms: dict[str, str] = {}  # instrument by OID
        self._repeating: set[tuple[str, str]] = set()  # (event, instrument)
        self._repeating_events: set[str] = set()
        self._record = ""
        self._event = self._event_number = ""
        self._key: Key = ("", "", "")
        self._values: dict[Key, dict[str, str]] = {}
        self._done: list[Entry] = []

    def take(self) -> list[Entry]:
        """The entries that are complete."""
        done, self._done = self._done, []
        return done

    def _doctype(self, *_: object) -> None:
        raise BadRequest("the XML has a DOCTYPE, which is never read; send it without", code="doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadRequest(f"the XML is nested deeper than {MAX_DEPTH} levels", code="too_deep")
        if self._depth == 1 and name != f"{ODM} ODM":
            raise BadRequest("this XML is no REDCap project (ODM 1.3)", code="not_odm")
        namespace, _, local = name.rpartition(" ")
        own = {key.removeprefix(f"{REDCAP} "): value for key, value in attributes.items()}
        if namespace == ODM:
            self._clinical(local, own)
        if namespace == REDCAP and local == "RepeatingInstrument":
            self._repeating.add((own.get("UniqueEventName", ""), own.get("RepeatInstrument", "")))
        if namespace == REDCAP and local == "RepeatingEvent":
            self._repeating_events.add(own.get("UniqueEventName", ""))

    def _clinical(self, local: str, own: dict[str, str]) -> None:
        match local:
            case "FormDef":
                self._forms[own.get("OID", "")] = own.get("FormName", own.get("OID", ""))
            case "ItemDef":
                self.fields.append(own.get("OID", ""))
            case "SubjectData":
                self._record, self._values = own.get("SubjectKey", ""), {}
                self._event = self._event_number = ""
            case "StudyEventData":
                self._event = own.get("UniqueEventName", "")
                self._event_number = own.get("StudyEventRepeatKey", "")
            case "FormData":
                self._key = self._key_of(own)
            case "ItemData":
                if value := own.get("Value", "").strip():
                    self._values.setdefault(self._key, {})[own.get("ItemOID", "")] = value

    def _key_of(self, own: dict[str, str]) -> Key:
        instrument = self._forms.get(own.get("FormOID", ""), own.get("FormOID", ""))
        if {(self._event, instrument), ("", instrument)} & self._repeating:
            return self._event, instrument, own.get("FormRepeatKey", "")
        if self._event not in self._repeating_events:
            return self._event, "", ""
        numbers = (self._event_number, own.get("FormRepeatKey", ""))  # one of them counts, the other stays 1
        return self._event, "", next((one for one in numbers if one not in ("", "1")), "1")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == f"{ODM} SubjectData":
            for (event, instrument, instance), values in self._values.items():
                self._done.append(Entry(self._record, event, instrument, instance, values))
            self._values = {}

"""A file that is to be sent: its format, and what is said beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from registry.errors import WrongUsage
from registry.formats.incoming import SUFFIXES, SUFFIXES_FROM, split
from registry.formats.item import Incoming, Item, Options
from registry.settings import Settings

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
PARCEL = "application/vnd.mps.redcap+json"


@dataclass(frozen=True, slots=True)
class Sending:
    """One file.

    media_type  format of the file
    options     what the sender says beside it
    """

    path: Path
    media_type: str
    options: Options

    @contextmanager
    def incoming(self, settings: Settings) -> Iterator[Incoming]:
        """Its items, read as they are asked for; a single JSON object is a file of one item."""
        with self.path.open("rb") as file:
            if self.media_type == "application/json" and file.read(4096).lstrip()[:1] == b"{":
                yield Incoming(iter([Item("item 1", self.path.read_bytes())]))
                return
            file.seek(0)
            yield split(file, self.media_type, max_bytes=settings.max_batch_bytes, options=self.options)

    def request(self) -> tuple[bytes, str, dict[str, str]]:
        """Body, content type and parameters by which the API takes the file."""
        body, media_type, options = self.path.read_bytes(), self.media_type, self.options
        if media_type == "application/json" and body.lstrip()[:1] == b"{":
            body = b"[" + body + b"]"
        if options.mapping is not None or options.dictionary is not None:
            body, media_type = self._parcel(body), PARCEL
        if options.charset is not None:
            media_type = f"{media_type}; charset={options.charset}"
        said = {
            "recorded_at": options.recorded_at,
            "reason": options.reason,
            "form": options.form,
            "case_system": options.case_system,
        }
        return body, media_type, {name: value for name, value in said.items() if value is not None}

    def _parcel(self, export: bytes) -> bytes:
        parts: dict[str, Any] = {"mapping": self.options.mapping, "dictionary": self.options.dictionary}
        try:
            text = export.decode(self.options.charset or "utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            raise WrongUsage(f"{self.path}: name its encoding with --encoding, or save it as UTF-8") from None
        return orjson.dumps(
            {"export": text} | {name: part for name, part in parts.items() if part is not None}
        )


def media_type_of(path: Path, source: str | None) -> str:
    """The format of a file by its ending, and by the system it comes from. Raises ``WrongUsage``."""
    known = SUFFIXES if source is None else SUFFIXES_FROM.get(source)
    if known is None:
        raise WrongUsage(f"--from takes {', '.join(SUFFIXES_FROM)}; not {source}")
    if path.suffix not in known:
        hint = "" if source else "; --from redcap and --from fhir read files of those systems"
        if path.suffix in WORKBOOKS:
            hint = "; save the sheet as CSV UTF-8 and send that"
        raise WrongUsage(f"{path}: the ending says the format; known: {', '.join(known)}{hint}")
    return known[path.suffix]

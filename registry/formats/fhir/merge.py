"""Records that several resources make together: worst and average pain of a day, ECOG and Karnofsky of a visit.

One item for each record of a case, so that a record that is refused takes no other one with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from registry.domain.findings import Finding
from registry.domain.forms import FORMS_BY_NAME
from registry.formats.fhir.bundle import Held
from registry.formats.fhir.found import Found, complete
from registry.formats.fhir.values import Json, NotUsable
from registry.formats.item import Item, item_of

_Key = tuple[str, str, str, str | None, bytes]
"""(case, form, time of recording, reason, natural key)"""

_EARLIEST, _LATEST = frozenset({"c1d1"}), frozenset({"last_dose_date"})
"""Variables of which the resources of one treatment state different days: its first and its last."""


@dataclass(slots=True)
class _Merged:
    places: list[str]
    content: dict[str, Any]
    notes: list[Finding] = field(default_factory=list)
    whole: bool = False


class Merger:
    """Gathers the records of a pool."""

    def __init__(self) -> None:
        self._merged: dict[_Key, _Merged] = {}

    def add(self, case: str, held: Held, found: Found, recorded_at: str) -> None:
        """Add a record, or what one more resource says of it. Raises ``NotUsable`` where the two contradict."""
        names = FORMS_BY_NAME[found.form].KEY
        natural = orjson.dumps([found.content.get(name) for name in names])
        key = (case, found.form, recorded_at, found.reason, natural)
        known = self._merged.get(key)
        if known is None:
            self._merged[key] = _Merged([held.place], found.content, list(found.notes), found.whole)
            return
        known.content = _together(known.content, found.content)
        known.places.append(held.place)
        known.notes += [one for one in found.notes if one not in known.notes]

    def items(self, reason: str | None) -> Iterator[Item]:
        """One item for each record; ``reason`` is that of records which bring none of their own."""
        for (case, form, recorded_at, own, _), merged in self._merged.items():
            content = merged.content if merged.whole else complete(form, merged.content)
            document: dict[str, object] = {
                "case": case,
                "recorded_at": recorded_at,
                "reason": own or reason,
                "forms": {form: [content] if FORMS_BY_NAME[form].KEY else content},
            }
            yield item_of(", ".join(merged.places), document, merged.notes)


def _together(one: Json, other: Json) -> Json:
    """What both say. Raises ``NotUsable`` where one says otherwise than the other."""
    made = dict(one)
    for name, value in other.items():
        known = made.get(name)
        if known is None or known == value:
            made[name] = value
        elif name in _EARLIEST:
            made[name] = min(known, value)
        elif name in _LATEST:
            made[name] = max(known, value)
        elif name == "missing":
            made[name] = {**value, **known}
        else:
            text = f"another resource of the file says another `{name}` of the same record; send the right one only"
            raise NotUsable("contradiction", "", text)
    return made

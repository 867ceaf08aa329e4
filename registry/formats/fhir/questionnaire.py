"""A record as a QuestionnaireResponse: what mCODE has no place for, without loss.

The questionnaire ``urn:mps-registry:form:NAME`` has one item for each value of a record; its ``linkId`` is the heading
that the value has in our tables (``imaging[1].date``), its answer the cell of that table.
"""

import base64
import re
from datetime import UTC
from typing import Any

from registry.domain.case import Version
from registry.domain.forms import FORMS_BY_NAME
from registry.formats import cells
from registry.formats.cells import Unclear, read_cell
from registry.formats.columns import column_of, plain
from registry.formats.csv.writer import cells_of
from registry.formats.fhir.bundle import Held
from registry.formats.fhir.found import Found
from registry.formats.fhir.terms import FORM, REASON
from registry.formats.fhir.values import Json, NotUsable, extension

MAX_ITEMS = 5_000

_STRING = re.compile(r"(?:[ \r\n\t]|[^\s\x00-\x1f])+")
_PLAIN = "text/plain; charset=utf-8"


def questionnaire_response(version: Version, subject: Json) -> Json:
    """A version of a record as a resource; ``subject`` is the reference to its Patient."""
    made: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{FORM}{version.form}",
        "status": "completed",
        "subject": subject,
        "authored": version.recorded_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "item": [
            {"linkId": heading, "answer": [_answer(cell)]} for heading, cell in cells_of(version).items()
        ],
    }
    if version.reason is not None:
        made["extension"] = [{"url": REASON, "valueString": version.reason}]
    return made


def response(held: Held) -> list[Found]:
    """The record that a QuestionnaireResponse of ours is; nothing for one of another questionnaire.

    Raises ``NotUsable`` for an item that the form does not have.
    """
    resource = held.resource
    canonical = str(resource.get("questionnaire", "")).partition("|")[0]
    name = canonical.removeprefix(FORM)
    if not canonical.startswith(FORM) or resource.get("status") in ("in-progress", "stopped"):
        return []
    if name not in FORMS_BY_NAME:
        raise NotUsable("unknown_form", "/questionnaire", f"there is no form {name[:60]}")
    record: dict[Any, Any] = {}
    for number, item in enumerate(resource.get("item", ())[:MAX_ITEMS]):
        _take(record, name, item, f"/item/{number}")
    found = Found(name, plain(record), whole=True)
    found.recorded_at = resource.get("authored")
    found.reason = extension(resource, REASON).get("valueString")
    return [found]


def _answer(cell: str) -> Json:
    """The cell as a string, or as an attachment where it has characters that a string of FHIR cannot hold."""
    if _STRING.fullmatch(cell):
        return {"valueString": cell}
    data = base64.b64encode(cell.encode()).decode()
    return {"valueAttachment": {"contentType": _PLAIN, "data": data}}


def _cell(answer: Json) -> str:
    """The cell of an answer; empty when there is none. Raises ``Unclear``."""
    if "valueAttachment" not in answer:
        return next((str(value) for name, value in answer.items() if name.startswith("value")), "")
    try:
        return base64.b64decode(answer["valueAttachment"].get("data", ""), validate=True).decode()
    except ValueError:
        raise Unclear("attachment", "the attachment is to be base64 of text in UTF-8") from None


def _take(record: dict[Any, Any], form: str, item: Json, pointer: str) -> None:
    place = column_of(form, str(item.get("linkId", "")))
    if place is None:
        text = f"the form {form} has no variable {str(item.get('linkId'))[:60]}"
        raise NotUsable("unknown_field", f"{pointer}/linkId", text)
    column, steps = place
    for answer in item.get("answer", ())[:1]:
        try:
            text = _cell(answer)
            if not text:
                continue
            cells.place(record, column, steps, read_cell(text, column))
        except Unclear as unclear:
            raise NotUsable(unclear.code, f"{pointer}/answer", f"`{item['linkId']}` {unclear}") from None

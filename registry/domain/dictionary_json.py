"""The data dictionary as JSON, and the JSON Schema of a submission."""

from dataclasses import asdict
from typing import Any

from pydantic.json_schema import models_json_schema

from registry.domain.dictionary import Variable, first_line, variables
from registry.domain.forms import DICTIONARY_VERSION, FORMS
from registry.domain.forms.form import NULL_REASONS


def dictionary_json() -> dict[str, Any]:
    """The dictionary as plain JSON: version, null reasons, and the forms with their variables."""
    return {
        "version": DICTIONARY_VERSION,
        "null_reasons": list(NULL_REASONS),
        "forms": [
            {
                "name": form.NAME,
                "title": form.TITLE,
                "description": first_line(form),
                "key": list(form.KEY),
                "variables": [_plain(row) for row in variables() if row.form == form.NAME],
            }
            for form in FORMS
        ],
    }


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a submission.

    It says what can be said of one message alone: types, limits, permitted values. That a required variable needs a
    value or a reason in ``missing``, and the rules of the catalogue, are checked by the registry.
    """
    references, whole = models_json_schema(
        [(form, "validation") for form in FORMS], ref_template="#/$defs/{model}"
    )
    forms = {form.NAME: references[form, "validation"] for form in FORMS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:mps-registry:submission:{DICTIONARY_VERSION}",
        "title": "Submission",
        "description": "One message about one case of malignant psoas syndrome.",
        "type": "object",
        "additionalProperties": False,
        "required": ["case", "recorded_at", "forms"],
        "properties": {
            "case": {
                "description": "The site's own pseudonym of the patient.",
                "type": "string",
                "pattern": "^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$",
            },
            "recorded_at": {
                "description": "When the hospital recorded this, with the time zone.",
                "type": "string",
                "format": "date-time",
            },
            "reason": {
                "description": "Why records that were accepted before are changed.",
                "anyOf": [{"type": "string", "minLength": 3, "maxLength": 500}, {"type": "null"}],
            },
            "dictionary": {
                "description": "Dictionary version the forms were written for.",
                "anyOf": [{"const": DICTIONARY_VERSION}, {"type": "null"}],
            },
            "forms": {
                "description": "Any subset of the forms, any number of times.",
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {
                    form.NAME: {"type": "array", "items": forms[form.NAME]} if form.KEY else forms[form.NAME]
                    for form in FORMS
                },
            },
        },
        "$defs": whole["$defs"],
    }


def _plain(row: Variable) -> dict[str, Any]:
    plain = asdict(row)
    plain["values"] = [{"value": value, "meaning": meaning} for value, meaning in row.values]
    return {
        name: fact
        for name, fact in plain.items()
        if (fact or fact == 0) and fact is not False and name != "form"
    }

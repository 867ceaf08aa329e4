"""The base of all forms: the pydantic models are the data dictionary.

JSON Schema, OpenAPI, the CSV template, the codebook and the documentation are generated from these classes, so a
variable is described once, here, by ``item``. Every variable may be null; a *required* one that is null must say why
in ``missing`` (``{"nrs_average": "not_asked"}``). A record entered in error is withdrawn by sending its natural key
with ``retracted`` and the reason.
"""

from functools import cached_property
from typing import Any, ClassVar, Literal, get_args

from pydantic import Field

from registry.domain.part import FREE_TEXT, Part

__all__ = [
    "FREE_TEXT_LENGTH",
    "KEY_TEXT",
    "NULL_REASONS",
    "Form",
    "NullReason",
    "Part",
    "item",
    "required_names",
]

NullReason = Literal[
    "not_stated",  # the source does not say
    "not_asked",
    "not_performed",
    "asked_unknown",
    "not_applicable",
    "masked",  # a blinded trial arm
    "refused",
    "error",
]
NULL_REASONS: tuple[str, ...] = get_args(NullReason)

FREE_TEXT_LENGTH = 2000
"""Longest free text, in characters."""

KEY_TEXT = r"^[^|\n]+$"
"""Pattern of free words in a natural key, whose parts are joined by ``|``."""


class Form(Part):
    """One form of the dictionary.

    NAME     name in submissions and in the store
    TITLE    heading in documents
    KEY      variables that together are the natural key of a record; empty for a form that occurs once in a case
    """

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ()

    missing: dict[str, NullReason] = Field(
        default_factory=dict, description="Why a variable of this record is null, by variable name."
    )
    retracted: str | None = Field(
        default=None,
        min_length=3,
        max_length=500,
        description="Reason why this record is withdrawn as entered in error; only its natural key is then needed.",
        json_schema_extra=FREE_TEXT,
    )

    @cached_property
    def key(self) -> str:
        """The natural key as one string, stable over versions: the key variables joined by ``|``."""
        return "|".join([_key_part(getattr(self, name)) for name in self.KEY])

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The record as plain JSON, as it is stored: without what is null or left at its default."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)

    def why_null(self, name: str) -> str | None:
        """The reason given for a null variable, if any."""
        return self.missing.get(name)


def _key_part(value: object) -> str:
    return "" if value is None else str(getattr(value, "code", value))  # a coded value is known by its code


def item(
    description: str,
    *,
    required: bool = False,
    unit: str | None = None,
    binding: str | None = None,
    default: Any = None,
    choices: dict[str, str] | None = None,
    rule: str | None = None,
    when: str | None = None,
    free_text: bool = False,
    **limits: Any,
) -> Any:
    """A variable of the dictionary.

    description  one sentence a clinician would sign
    required     a value, or null with a reason in ``missing``, must be sent
    unit         UCUM code
    binding      ``SYSTEM CODE`` of the concept, or the name of a code list in ``registry.domain.codes``
    choices      meaning of each permitted value, where the value alone does not say it
    rule         id of the rule in the catalogue that a value outside type or limits breaks (``E11``)
    when         the circumstances in which the variable is expected although it is not required of every record
    free_text    the hospital's own words: at most 2000 characters, searched for identifiers, sealed, never published
    limits       pydantic constraints (``ge``, ``le``, ``max_length`` ...): outside them the submission is refused
    """
    if free_text:
        limits.setdefault("max_length", FREE_TEXT_LENGTH)
    facts: dict[str, Any] = {
        "required": required,
        "unit": unit,
        "binding": binding,
        "choices": choices,
        "rule": rule,
        "when": when,
        "free-text": free_text,
    }
    return Field(
        default=default,
        description=description,
        json_schema_extra={f"x-{name}": fact for name, fact in facts.items() if fact},
        **limits,
    )


def required_names(form: type[Form]) -> tuple[str, ...]:
    """Variables of the form that need a value or a reason."""
    return tuple(
        name for name, info in form.model_fields.items() if _extra(info.json_schema_extra).get("x-required")
    )


def _extra(extra: object) -> dict[str, Any]:
    return extra if isinstance(extra, dict) else {}

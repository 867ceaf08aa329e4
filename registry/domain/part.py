"""The base of everything that is read from a submission: strict, frozen, nothing unknown."""

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

FREE_TEXT: JsonDict = {"x-free-text": True}
"""Marks a variable that holds people's own words: sealed where it is stored, searched for identifiers, never published.
``item(free_text=True)`` sets it; this is for those that are described without ``item``."""


class Part(BaseModel):
    """A group of variables inside a form (an imaging study, a target volume, a coded value)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

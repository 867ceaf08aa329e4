"""The base of everything that is read from a submission: strict, frozen, nothing unknown."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A group of variables inside a form (an imaging study, a target volume, a coded value)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

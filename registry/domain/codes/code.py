"""A coded value: meaningless without its system, so it is refused without it."""

from pydantic import Field

from registry.domain.part import FREE_TEXT, Part


class Code(Part):
    """A code in a named terminology, with the words it was given in.

    ``system`` is the short name of a system that ``registry.domain.codes`` knows (``ICD-O-3``, ``ICD-10``,
    ``ICD-10-CM``, ``SNOMED``, ``LOINC``, ``ATC``, ``RxNorm``, ``MedDRA``) or its canonical URL.
    """

    system: str = Field(description="Terminology the code belongs to.", min_length=2, max_length=100)
    code: str = Field(description="The code.", min_length=1, max_length=30)
    version: str | None = Field(default=None, description="Release of the terminology.", max_length=30)
    display: str | None = Field(
        default=None,
        description="Meaning of the code in the terminology.",
        max_length=300,
        json_schema_extra=FREE_TEXT,
    )
    verbatim: str | None = Field(
        default=None, description="The words of the source.", max_length=500, json_schema_extra=FREE_TEXT
    )

"""Time in records that have no calendar dates: published and retrospective cases.

A case report says "two weeks from the start of radiotherapy" or "died 8 months after symptom onset". Such statements
are kept as offsets with the words of the source. They become intervals, never dates, and are never pooled with the
dated times of prospectively enrolled patients.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from registry.domain.dates import DAYS_PER_MONTH, DAYS_PER_YEAR, PartialDate
from registry.domain.forms.form import Part, item

Origin = Literal[
    "birth",
    "primary_diagnosis",
    "symptom_onset",
    "mps_diagnosis",
    "presentation",
    "admission",
    "treatment_start",
    "treatment_end",
    "discharge",
]

_DAYS = {"d": 1.0, "wk": 7.0, "mo": DAYS_PER_MONTH, "a": DAYS_PER_YEAR}


class Offset(Part):
    """A time counted from another event, as a source without dates states it."""

    value: float = Field(
        description="Number of units after the origin; negative is before it.", ge=-1500, le=1500
    )
    unit: Literal["d", "wk", "mo", "a"] = Field(description="UCUM unit of the number.")
    origin: Origin = Field(description="The event from which the time is counted.")
    relation: Literal["about", "at_least", "at_most", "more_than", "less_than"] = Field(
        default="about",
        description="Whether the source gives the time itself or only a limit; at most -1 month is one month "
        "before the origin or earlier.",
    )
    verbatim: str | None = item("The words of the source.", free_text=True, max_length=500)

    @property
    def days(self) -> float:
        """The stated number in days, not rounded."""
        return self.value * _DAYS[self.unit]

    def __str__(self) -> str:
        limit = "" if self.relation == "about" else f"{self.relation} "
        return f"{limit}{self.origin}{self.value:+g}{self.unit}"


def _to_the_day(value: PartialDate) -> PartialDate:
    if not value.exact:
        raise PydanticCustomError(
            "exact_date",
            "is known only to the {precision}; this date must be given to the day: write YYYY-MM-DD",
            {"precision": value.precision},
        )
    return value


ExactDate = Annotated[
    PartialDate,
    AfterValidator(_to_the_day),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "pattern": r"^(18[5-9]\d|19\d\d|20\d\d|21\d\d|2200)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
            "description": "A date known to the day: YYYY-MM-DD.",
        }
    ),
]
"""A date that must be known to the day (enrolment, consent)."""

"""Death: when, of what, and how the last week was."""

from typing import Literal

from registry.domain.dates import PartialDate
from registry.domain.forms.answers import PlaceOfCare
from registry.domain.forms.form import Form, Part, item
from registry.domain.forms.time import Origin


class PainLastWeek(Part):
    """Pain in the last week of life."""

    nrs: int | None = item("Worst pain in the last week, 0 to 10.", unit="{score}", rule="E11", ge=0, le=10)
    controlled: bool | None = item("The pain was controlled.")


class PublishedSurvival(Part):
    """Survival as a source without dates states it: an interval from a stated origin, never a date."""

    months: float = item(
        "Months survived, as printed; the rounding is unknown.", unit="mo", default=..., ge=0, le=600
    )
    origins: list[Origin] = item(
        "Every event from which the source counts; more than one means the origin is disputed.",
        default=...,
        min_length=1,
    )
    verbatim: str | None = item("Survival in the words of the source.", free_text=True, max_length=500)


class Death(Form):
    """The death of the patient; occurs once."""

    NAME = "death"
    TITLE = "Death"

    death_date: PartialDate | None = item("Date of death.", required=True, binding="LOINC 81954-0")
    cause: Literal["cancer_progression", "treatment_related", "other", "unknown"] | None = item(
        "Cause of death.", required=True
    )
    source: Literal["record", "family", "civil_register", "publication"] | None = item(
        "Where the date of death comes from.", required=True
    )
    place: PlaceOfCare | None = item(
        "Place of death.", choices={"palliative_care_unit": "Palliative care unit or hospice."}
    )
    pain_last_week: PainLastWeek | None = item("Pain in the last week of life.")
    palliative_sedation: bool | None = item("The patient was sedated until death.")
    mps_contributed: bool | None = item("The syndrome contributed to the death.")
    published_survival: PublishedSurvival | None = item(
        "Survival as the source states it, where the date is not known."
    )

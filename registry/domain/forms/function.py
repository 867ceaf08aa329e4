"""Function: performance status, walking, hip movement, quality of life, place of care."""

from typing import Literal

from registry.domain.dates import PartialDate
from registry.domain.forms.answers import GAIT, Gait, PlaceOfCare, Side
from registry.domain.forms.form import KEY_TEXT, Form, Part, item
from registry.domain.forms.time import Offset


class QualityOfLife(Part):
    """One score of a quality-of-life instrument."""

    instrument: Literal["EORTC_QLQ_C15_PAL", "EQ_5D_3L", "EQ_5D_5L", "POS", "IPOS"] = item(
        "The instrument.", default=...
    )
    scale: str = item(
        "The scale of the instrument, such as global or index.", default=..., min_length=1, max_length=60
    )
    score: float = item(
        "The score as the manual of the instrument computes it.",
        unit="{score}",
        default=...,
        ge=-1,
        le=100,
    )


class Function(Form):
    """What the patient can do, at one time."""

    NAME = "function"
    TITLE = "Function"
    KEY = ("assess_date", "at", "time_point", "side")

    assess_date: PartialDate | None = item("Date of the assessment.", required=True)
    at: Offset | None = item("Time of the assessment where the source has no date.")
    time_point: str | None = item(
        "Time point as a source without dates names it, such as after radiotherapy.",
        pattern=KEY_TEXT,
        max_length=100,
    )
    side: Side | None = item("Side that the measurements of the hip belong to.")
    ecog: int | None = item(
        "ECOG performance status; 5 only together with a death.",
        unit="{score}",
        binding="LOINC 89247-1",
        ge=0,
        le=5,
    )
    kps: int | None = item(
        "Karnofsky performance status in steps of ten.",
        unit="{score}",
        binding="LOINC 89243-0",
        ge=0,
        le=100,
        multiple_of=10,
    )
    pps: int | None = item(
        "Palliative Performance Scale in steps of ten.", unit="{score}", ge=0, le=100, multiple_of=10
    )
    ambulation: int | None = item(
        "Walking ability on the registry's ordinal scale.",
        unit="{score}",
        choices={
            "0": "Bedbound.",
            "1": "Chair or wheelchair.",
            "2": "Walks with a person.",
            "3": "Walks with an aid.",
            "4": "Walks independently.",
        },
        ge=0,
        le=4,
    )
    gait: Gait | None = item("How the patient walks.", choices=GAIT)
    can_lie_supine: bool | None = item("The patient can lie flat.")
    thomas_fixed_flexion_deg: int | None = item(
        "Fixed flexion of the hip by the Thomas test; 0 is no contracture.", unit="deg", ge=0, le=120
    )
    hip_extension_deg: int | None = item(
        "Passive extension of the hip; negative when neutral cannot be reached.", unit="deg", ge=-90, le=30
    )
    fim_total: int | None = item("Functional Independence Measure, total.", unit="{score}", ge=18, le=126)
    qol: list[QualityOfLife] | None = item("Quality-of-life scores.")
    place_of_care: PlaceOfCare | None = item(
        "Where the patient is cared for.",
        choices={"palliative_care_unit": "Palliative care unit or hospice."},
    )
    note: str | None = item("Function in the words of the source.", free_text=True)

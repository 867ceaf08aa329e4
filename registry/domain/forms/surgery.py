"""Surgery: one operation, for the cancer or for its diagnosis."""

from typing import Literal

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms.answers import BodySide
from registry.domain.forms.form import Form, item
from registry.domain.forms.time import Offset


class Surgery(Form):
    """One operation."""

    NAME = "surgery"
    TITLE = "Surgery"
    KEY = ("surgery_id",)

    surgery_id: str = item(
        "The site's name of the operation, unique within the case.",
        default=...,
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
    )
    episode_no: int | None = item("Episode of the syndrome it was done for.", ge=1, le=20)
    indication: Literal["mps_index_pain", "other"] | None = item(
        "Whether it was done for the syndrome.", required=True
    )
    procedure: str | None = item("The operation in words.", required=True, min_length=1, max_length=300)
    procedure_code: Code | None = item("The operation as a code.", binding="snomed")
    side: BodySide | None = item("Side of the operation.")
    date: PartialDate | None = item("Date of the operation.", required=True)
    at: Offset | None = item("Time of the operation where the source has no date.")
    intent: Literal["curative", "palliative", "diagnostic", "salvage", "unknown"] | None = item(
        "Intent of the operation.", required=True
    )
    residual: Literal["R0", "R1", "R2", "RX"] | None = item(
        "Residual tumour after the operation.",
        choices={
            "R0": "None.",
            "R1": "Microscopic.",
            "R2": "Macroscopic.",
            "RX": "Cannot be assessed.",
        },
    )
    note: str | None = item("The operation in the words of the source.", free_text=True)

"""Response of the tumour on imaging: recorded beside the response of the symptoms and never merged with it."""

from typing import Literal

from registry.domain.dates import PartialDate
from registry.domain.forms.form import Part, item
from registry.domain.forms.time import Offset


class TumourResponse(Part):
    """How the tumour answered a treatment."""

    category: Literal["CR", "PR", "SD", "PD", "NE"] | None = item(
        "Best response of the tumour to this treatment.",
        binding="RECIST 1.1",
        choices={
            "CR": "Complete response.",
            "PR": "Partial response.",
            "SD": "Stable disease.",
            "PD": "Progressive disease.",
            "NE": "Not evaluable.",
        },
    )
    criteria: Literal["RECIST_1_1", "Lugano_2014", "other", "not_stated"] | None = item(
        "Criteria by which the response was judged."
    )
    date: PartialDate | None = item("Date of the imaging that showed the response.")
    at: Offset | None = item("Time of the response where the source has no date.")
    verbatim: str | None = item("Response in the words of the source.", free_text=True)

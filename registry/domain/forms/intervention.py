"""Intervention: a procedure against pain; inside a response window it confounds the response."""

from typing import Literal

from registry.domain.dates import PartialDate
from registry.domain.forms.answers import BodySide, DrugUnit, SpinalLevel
from registry.domain.forms.form import Form, item
from registry.domain.forms.time import Offset


class Intervention(Form):
    """One interventional procedure or special drug treatment against pain."""

    NAME = "intervention"
    TITLE = "Intervention"
    KEY = ("type", "date", "at", "side", "level")

    type: (
        Literal[
            "epidural_single",
            "epidural_catheter",
            "intrathecal_bolus",
            "intrathecal_pump",
            "psoas_compartment_block",
            "neurolysis",
            "cordotomy",
            "dorsal_rhizotomy",
            "rfa",
            "nerve_block",
            "spinal_cord_stimulation",
            "methadone_rotation",
            "ketamine_infusion",
            "palliative_sedation",
        ]
        | None
    ) = item(
        "Kind of intervention.",
        required=True,
        choices={
            "psoas_compartment_block": "Psoas compartment block or catheter.",
            "rfa": "Radiofrequency ablation.",
        },
    )
    date: PartialDate | None = item("Date of the intervention, or its first day.", required=True)
    at: Offset | None = item("Time of the intervention where the source has no date.")
    end: PartialDate | None = item("Last day, where it went on.")
    episode_no: int | None = item("Episode of the syndrome it was done for.", ge=1, le=20)
    side: BodySide | None = item("Side of the intervention.")
    level: SpinalLevel | None = item("Vertebral level of the intervention.", rule="E14")
    agent: str | None = item("Drug or agent used.", max_length=200)
    dose_value: float | None = item("Dose of the agent.", ge=0, le=100000)
    dose_unit: DrugUnit | None = item("UCUM unit of the dose.", when="dose_value is given", rule="E13")
    complication: str | None = item("Complications, in words.", free_text=True)
    note: str | None = item("The intervention in the words of the source.", free_text=True)

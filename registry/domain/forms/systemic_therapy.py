"""Systemic therapy: one line or course of chemotherapy, targeted or hormone therapy, given or decided against."""

from typing import Literal

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms.form import Form, Part, item
from registry.domain.forms.time import Offset
from registry.domain.forms.tumour_response import TumourResponse


class Component(Part):
    """One drug of a regimen."""

    name: str = item(
        "International nonproprietary name in lower case, or investigational agent.",
        default=...,
        pattern=r"^[a-z0-9][a-z0-9 ,+()/-]*$",
        max_length=100,
    )
    code: Code | None = item("The drug as a code (ATC or RxNorm).", binding="atc")


class Trial(Part):
    """The clinical trial in which the therapy was given."""

    trial_id: str | None = item("Registration number of the trial.", max_length=60)
    phase: Literal["1", "1/2", "2", "2/3", "3", "4"] | None = item("Phase of the trial.")
    blinded: bool | None = item("The patient or the physician did not know the arm.")
    arm: str | None = item("The arm; ``masked`` as long as it is blinded.", max_length=200)
    unblinding_date: PartialDate | None = item("Date on which the arm was disclosed.")


class SystemicTherapy(Form):
    """A course of systemic therapy, or the decision not to give one."""

    NAME = "systemic_therapy"
    TITLE = "Systemic therapy"
    KEY = ("therapy_id",)

    therapy_id: str = item(
        "The site's name of the course, unique within the case.",
        default=...,
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
    )
    episode_no: int | None = item("Episode of the syndrome it was given for.", ge=1, le=20)
    index_treatment: bool | None = item(
        "This is the treatment from which the response of the episode is counted.", required=True
    )
    indication: Literal["mps_index_pain", "other"] | None = item(
        "Whether it was given for the syndrome.", required=True
    )
    status: Literal["given", "planned", "offered_declined", "considered_not_given"] = item(
        "Whether the therapy was given.",
        default="given",
        choices={
            "offered_declined": "Offered, and declined by the patient.",
            "considered_not_given": "Considered, and decided against.",
        },
    )
    status_reason: str | None = item(
        "Why the therapy was not given.", when="status is not given", free_text=True
    )
    regimen: str | None = item("Name of the regimen.", required=True, min_length=1, max_length=200)
    components: list[Component] | None = item("The drugs of the regimen.", required=True)
    line: int | None = item("Line of systemic therapy for this cancer.", ge=1, le=20)
    intent: (
        Literal["curative", "adjuvant", "neoadjuvant", "palliative", "salvage", "maintenance", "unknown"]
        | None
    ) = item("Intent of the therapy.", required=True)
    cycles_planned: int | None = item("Planned cycles.", unit="{count}", ge=0, le=60)
    cycles_given: int | None = item("Cycles given.", required=True, unit="{count}", ge=0, le=60)
    cycle_length_d: int | None = item("Length of a cycle.", unit="d", ge=1, le=90)
    c1d1: PartialDate | None = item("Day 1 of cycle 1.", required=True)
    last_dose_date: PartialDate | None = item("Date of the last dose.")
    start_at: Offset | None = item("Time of the first dose where the source has no date.")
    end_at: Offset | None = item("Time of the last dose where the source has no date.")
    dose_reduction: bool | None = item("The dose was reduced at any time.")
    trial: Trial | None = item("The clinical trial in which it was given.")
    tumour_response: TumourResponse | None = item("Response of the tumour to this therapy.")
    serious_toxicity: Literal["yes", "no", "unknown"] | None = item(
        "Whether a serious adverse event was attributed to it, where only a general statement is known."
    )
    note: str | None = item("The therapy in the words of the source.", free_text=True)

"""Follow-up: whether the patient lives, how the disease and the symptom stand."""

from typing import Literal

from registry.domain.dates import PartialDate
from registry.domain.forms.answers import CANCER_SITE, CancerSite, PlaceOfCare, YesNoUnknown
from registry.domain.forms.form import KEY_TEXT, Form, Part, item
from registry.domain.forms.time import Offset


class LostToFollowUp(Part):
    """The patient could not be reached any more."""

    last_known_alive: PartialDate | None = item("Last date the patient was known to be alive.")
    efforts: str | None = item("What was done to reach the patient.", free_text=True)


class FollowUp(Form):
    """One contact with the patient or the record."""

    NAME = "follow_up"
    TITLE = "Follow-up"
    KEY = ("visit_date", "at", "time_point")

    visit_date: PartialDate | None = item("Date of the contact.", required=True)
    at: Offset | None = item("Time of the contact where the source has no date.")
    time_point: str | None = item(
        "Time point as a source without dates names it, such as discharge.", pattern=KEY_TEXT, max_length=100
    )
    mode: Literal["clinic", "phone", "home", "record_review"] | None = item(
        "How the contact took place.", required=True
    )
    vital_status: Literal["alive", "dead", "unknown"] | None = item(
        "Whether the patient was alive.", required=True
    )
    disease_status: (
        Literal["no_evidence", "responding", "stable", "progressive", "recurrent", "unknown"] | None
    ) = item(
        "State of the cancer.",
        required=True,
        binding="LOINC 97509-4",
        choices={"no_evidence": "No evidence of disease."},
    )
    symptom_status: Literal["none", "controlled", "uncontrolled"] | None = item(
        "State of the index pain.", required=True
    )
    pain_relapse: YesNoUnknown | None = item("The index pain came back after it had answered to treatment.")
    pain_relapse_date: PartialDate | None = item("Date the index pain came back.", when="pain_relapse is yes")
    radiographic_relapse: YesNoUnknown | None = item(
        "The tumour came back on imaging; this alone is no relapse of the symptom."
    )
    radiographic_relapse_date: PartialDate | None = item(
        "Date of the imaging that showed it.", when="radiographic_relapse is yes"
    )
    relapse_sites: list[CancerSite] | None = item("Where the tumour came back.", choices=CANCER_SITE)
    relapse_note: str | None = item("The relapse in the words of the source.", free_text=True)
    analgesia_note: str | None = item(
        "Analgesia at this time, where the source names no drug or dose.", free_text=True
    )
    hospital_days_since_last: int | None = item(
        "Nights in hospital since the last contact.", required=True, unit="d", ge=0, le=3660
    )
    discharge_to: PlaceOfCare | None = item(
        "Where the patient was discharged to.",
        choices={"palliative_care_unit": "Palliative care unit or hospice."},
    )
    discharge_note: str | None = item("The discharge in the words of the source.", free_text=True)
    next_due: PartialDate | None = item("Date of the next planned contact.")
    lost_to_followup: LostToFollowUp | None = item(
        "Details, when the patient is lost to follow-up.", when="the patient is lost to follow-up"
    )

"""Toxicity: one adverse event with its grade."""

from typing import Literal

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms.form import KEY_TEXT, Form, Part, item
from registry.domain.forms.time import Offset


class Attribution(Part):
    """How far the event is attributed to one possible cause."""

    cause: Literal["rt", "systemic", "opioid", "intervention", "disease"] = item(
        "The possible cause.",
        default=...,
        choices={"rt": "Radiotherapy.", "systemic": "Systemic therapy."},
    )
    relation: Literal["unrelated", "unlikely", "possible", "probable", "definite"] = item(
        "How likely the event was caused by it.", default=...
    )


class Toxicity(Form):
    """An adverse event."""

    NAME = "toxicity"
    TITLE = "Toxicity"
    KEY = ("term", "term_other", "onset", "at")

    term: (
        Literal[
            "pain_flare",
            "diarrhoea",
            "nausea",
            "vomiting",
            "enteritis",
            "radiation_dermatitis",
            "fatigue",
            "cystitis",
            "bowel_obstruction",
            "perforation_fistula",
            "neuropathy_plexopathy",
            "fracture",
            "somnolence",
            "delirium",
            "constipation",
            "respiratory_depression",
            "other",
        ]
        | None
    ) = item(
        "The adverse event; the named ones are asked for at every visit.",
        required=True,
        binding="CTCAE 5.0",
        choices={
            "pain_flare": "Pain worse for a short time after radiotherapy.",
            "perforation_fistula": "Perforation or fistula.",
            "neuropathy_plexopathy": "Neuropathy or plexopathy.",
        },
    )
    term_other: str | None = item(
        "The CTCAE term of another event.", when="term is other", pattern=KEY_TEXT, max_length=150
    )
    meddra: Code | None = item("The event as a MedDRA code.", binding="meddra")
    grade: int | None = item(
        "CTCAE grade, 1 mild to 5 fatal.", required=True, unit="{score}", binding="CTCAE 5.0", ge=1, le=5
    )
    onset: PartialDate | None = item("Date the event began.", required=True)
    at: Offset | None = item("Time the event began where the source has no date.")
    resolution: PartialDate | None = item("Date the event ended; null while it goes on.")
    attribution: list[Attribution] | None = item("Possible causes and how likely each is.", required=True)
    serious: bool | None = item(
        "The event was serious: death, danger to life, admission, or lasting harm.", required=True
    )
    action: (
        Literal["none", "treated", "dose_changed", "treatment_interrupted", "treatment_stopped"] | None
    ) = item("What was done.")
    note: str | None = item("The event in the words of the source.", free_text=True)

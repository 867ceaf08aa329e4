"""Consent and withdrawal: what the patient allowed, and what the patient took back."""

from typing import Annotated, Literal

from pydantic import Field

from registry.domain.forms.form import KEY_TEXT, Form, Part, item
from registry.domain.forms.time import ExactDate


class Withdrawal(Part):
    """The patient takes consent back, wholly or in part; a reason is never required."""

    date: ExactDate | None = item("Day on which the patient said so.")
    level: Literal["no_further_contact", "no_further_collection", "stop_use_of_existing", "erase"] | None = (
        item(
            "How far the withdrawal goes.",
            choices={
                "no_further_contact": "The patient is not contacted any more; records may be followed.",
                "no_further_collection": "Nothing is collected any more; what is there may be used.",
                "stop_use_of_existing": "What is there is not used in new snapshots.",
                "erase": "What is there is erased as far as the law allows.",
            },
        )
    )
    effective_from: ExactDate | None = item("First day on which it holds.")
    reason: str | None = item("The patient's reason, if freely given.", free_text=True)
    processed_at: ExactDate | None = item("Day on which the site carried it out.")
    affected_snapshots: list[Annotated[str, Field(max_length=100)]] | None = item(
        "Snapshots that contain the case.", max_length=1000
    )


class Consent(Form):
    """One version of the consent; a withdrawal is a further version of the same record."""

    NAME = "consent"
    TITLE = "Consent and withdrawal"
    KEY = ("version", "date")

    consent_type: (
        Literal["written", "verbal", "written_and_verbal", "broad", "waiver", "deceased_exempt"] | None
    ) = item(
        "Kind of consent, or the lawful ground in its place.",
        required=True,
        choices={
            "broad": "Broad consent to research.",
            "waiver": "Waived by the ethics committee.",
            "deceased_exempt": "The patient had died; no consent is needed under local law.",
        },
    )
    version: str | None = item("Version of the consent form.", required=True, pattern=KEY_TEXT, max_length=40)
    date: ExactDate | None = item("Day on which consent was given.", required=True)
    language: str | None = item("Language of the consent form (ISO 639-1).", pattern=r"^[a-z]{2}$")
    witness: bool | None = item("A witness was present.")
    waiver_id: str | None = item("Number of the waiver.", when="consent_type is waiver", max_length=60)
    scopes: list[Literal["registry_use", "recontact", "linkage", "data_sharing", "genomic"]] | None = item(
        "What the patient allowed.", required=True
    )
    withdrawal: Withdrawal | None = item("What the patient took back.")

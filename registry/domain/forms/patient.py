"""Patient: who the person is, as little as the study needs, and where the record comes from."""

from typing import Literal

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms.form import Form, Part, item
from registry.domain.forms.time import ExactDate


class Eligibility(Part):
    """The inclusion and exclusion criteria, each answered (registry decision)."""

    inclusion_malignancy: bool | None = item("Malignant disease is proven or beyond clinical doubt.")
    inclusion_psoas_syndrome: bool | None = item(
        "Malignant psoas syndrome is diagnosed or suspected at enrolment."
    )
    inclusion_consent: bool | None = item("Consent, or a lawful ground in its place, is in force.")
    exclusion_benign_cause: bool | None = item("A benign disease explains the syndrome.")
    exclusion_objection: bool | None = item("The patient objected to research use of the records.")
    exclusion_enrolled_elsewhere: bool | None = item("The patient is already enrolled at another site.")
    waiver_id: str | None = item(
        "Number of the waiver under which a patient with an exclusion criterion was enrolled.",
        when="any exclusion is true",
        max_length=60,
    )


class Age(Part):
    """An age as a source states it; without its reference event it says little."""

    value: float = item("Age in years.", unit="a", default=..., ge=0, le=120)
    reference: Literal[
        "primary_diagnosis", "initial_surgery", "mps_onset", "mps_diagnosis", "enrolment", "other"
    ] = item("The event at which the patient had this age.", default=...)
    verbatim: str | None = item("The age in the words of the source.", free_text=True, max_length=500)


class SourceRef(Part):
    """The publication a literature record is taken from."""

    doi: str | None = item("DOI of the publication.", pattern=r"^10\.[0-9]{4,9}/\S+$", max_length=200)
    pmid: str | None = item("PubMed identifier of the publication.", pattern=r"^[0-9]{1,9}$")
    text: str | None = item("The publication as it would be cited.", max_length=500)
    case_label: str | None = item("The case inside the publication, such as case 1.", max_length=60)
    institution: str | None = item("Hospital that reports the case.", max_length=200)
    language: str | None = item("Language of the publication (ISO 639-1).", pattern=r"^[a-z]{2}$")
    epub_year: int | None = item("Year of first publication online.", unit="a", ge=1850, le=2200)
    print_year: int | None = item("Year of the printed issue.", unit="a", ge=1850, le=2200)
    mps_term_used: bool | None = item("The publication itself speaks of malignant psoas syndrome.")
    criteria_verifiable: bool | None = item(
        "The publication says enough to judge the three diagnostic criteria."
    )


class Patient(Form):
    """The person behind the case; occurs once."""

    NAME = "patient"
    TITLE = "Patient"

    linkage_token: str | None = item(
        "Keyed hash made at the site, by which the same patient is recognised at two sites; a prefix such as "
        "k3: names the key it was made with.",
        pattern=r"^(k[0-9]{1,3}:)?[A-Za-z0-9_-]{32,128}$",
    )
    birth: PartialDate | None = item(
        "Birth of the patient, to the year unless the site may share more.",
        required=True,
        binding="LOINC 21112-8",
    )
    sex_at_birth: Literal["female", "male", "intersex", "unknown"] | None = item(
        "Sex recorded at birth.", required=True, binding="FHIR administrative-gender"
    )
    country: str | None = item(
        "Country in which the patient is treated (ISO 3166-1 alpha-2).",
        required=True,
        rule="E14",
        pattern=r"^[A-Z]{2}$",
    )
    race_ethnicity: Code | None = item(
        "Race or ethnicity, only where the law of the site allows it to be recorded; never required."
    )
    source_type: Literal["prospective", "retrospective", "literature"] | None = item(
        "How the record came into being; the three kinds are never pooled.",
        required=True,
        choices={
            "prospective": "Enrolled and followed by a participating site.",
            "retrospective": "Taken from the charts of a participating site.",
            "literature": "Transcribed from a publication.",
        },
    )
    enrolment_date: ExactDate | None = item(
        "Day on which the patient was enrolled.", when="source_type is prospective"
    )
    eligibility: Eligibility | None = item(
        "The inclusion and exclusion criteria, each answered.", required=True
    )
    height_cm: float | None = item("Body height.", unit="cm", binding="LOINC 8302-2", gt=0, le=300)
    weight_kg: float | None = item("Body weight.", unit="kg", binding="LOINC 29463-7", gt=0, le=700)
    egfr: float | None = item(
        "Estimated glomerular filtration rate; low values let opioid metabolites accumulate.",
        unit="mL/min",
        ge=0,
        le=200,
    )
    age: Age | None = item(
        "Age as the source states it, with the event it refers to, where the birth is not stated.",
        when="birth is null",
    )
    source_ref: SourceRef | None = item(
        "The publication the record is taken from.", when="source_type is literature"
    )

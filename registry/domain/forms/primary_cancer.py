"""Primary cancer: each primary of the patient; one of them is the cause of the syndrome."""

from typing import Literal

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms.answers import CANCER_SITE, CancerSite
from registry.domain.forms.form import Form, Part, item
from registry.domain.forms.time import Offset


class Biomarker(Part):
    """A tumour marker or molecular finding."""

    code: Code = item("The biomarker.", binding="LOINC", default=...)
    value: str = item("Its result with the unit, as reported.", default=..., min_length=1, max_length=200)


class Recurrence(Part):
    """A recurrence of the cancer before the syndrome."""

    sites: list[CancerSite] | None = item("Where the cancer came back.", choices=CANCER_SITE)
    date: PartialDate | None = item("Date of the recurrence.")
    at: Offset | None = item("Time of the recurrence where the source has no date.")
    found_by: Literal["imaging", "pathology", "clinical", "marker"] | None = item(
        "How the recurrence was found."
    )
    verbatim: str | None = item("The recurrence in the words of the source.", free_text=True)


class PrimaryCancer(Form):
    """A primary cancer; exactly one is the index primary."""

    NAME = "primary_cancer"
    TITLE = "Primary cancer"
    KEY = ("primary_no",)

    primary_no: int = item("Number of the primary within the patient.", default=1, ge=1, le=20)
    index_primary: bool | None = item(
        "This primary is the one that caused the psoas involvement.", required=True
    )
    topography: Code | None = item(
        "Site of the primary; C80.9 when it is unknown.", required=True, binding="icd-o-3-topography"
    )
    morphology: Code | None = item(
        "Histology with its behaviour.", required=True, binding="icd-o-3-morphology"
    )
    grade: Literal["1", "2", "3", "4", "9"] | None = item(
        "Histological grade.",
        binding="ICD-O-3 grade",
        choices={
            "1": "Well differentiated.",
            "2": "Moderately differentiated.",
            "3": "Poorly differentiated.",
            "4": "Undifferentiated.",
            "9": "Not determined.",
        },
    )
    dx_date: PartialDate | None = item(
        "Date of diagnosis of this primary; it may be later than the onset of the syndrome.", required=True
    )
    dx_at: Offset | None = item("Time of diagnosis where the source has no date.")
    stage_system: Literal["FIGO", "TNM", "Ann Arbor", "Lugano", "other"] | None = item(
        "Staging system.", required=True
    )
    stage_edition: Literal["1988", "1994", "2009", "2014", "2018", "6", "7", "8", "9"] | None = item(
        "Edition of the staging system: the year for FIGO and Lugano, the number for TNM.",
        when="stage_system is FIGO or TNM",
    )
    stage_group: str | None = item(
        "Stage group at diagnosis, as that system writes it.",
        required=True,
        binding="LOINC 21908-9",
        min_length=1,
        max_length=20,
    )
    status_at_mps: Literal["treatment_naive", "recurrent", "progressive", "persistent", "NED"] | None = item(
        "State of the cancer when the syndrome began.",
        required=True,
        choices={
            "treatment_naive": "Not yet treated.",
            "recurrent": "Came back after it had gone.",
            "progressive": "Growing under or after treatment.",
            "persistent": "Never gone, not growing.",
            "NED": "No evidence of disease.",
        },
    )
    metastatic_sites: list[CancerSite] | None = item(
        "All sites of metastasis when the syndrome began; an empty list when there were none.",
        required=True,
        choices=CANCER_SITE,
    )
    metastatic_sites_other: str | None = item(
        "Further sites of metastasis in words.", when="metastatic_sites has other", free_text=True
    )
    prior_lines_systemic: int | None = item(
        "Lines of systemic therapy before the syndrome.", required=True, unit="{count}", ge=0, le=20
    )
    biomarkers: list[Biomarker] | None = item("Tumour markers and molecular findings.")
    recurrences: list[Recurrence] | None = item("Recurrences before the syndrome, in order.")

"""MPS episode: the three diagnostic criteria, onset and diagnosis, mechanism, imaging.

Stevens & Gonet 1990: proximal lumbosacral plexopathy, painful flexion of the hip with a positive psoas stretch test,
malignant psoas involvement on imaging. Agar 2004: "painful fixed flexion", involvement "radiological or pathological".
"""

from typing import Literal

from registry.domain.dates import PartialDate
from registry.domain.forms.answers import BodySide, PsoasLevel, YesNoUnknown
from registry.domain.forms.form import Form, Part, item
from registry.domain.forms.time import Offset


class Imaging(Part):
    """One imaging study of the psoas region."""

    modality: Literal["CT", "CECT", "MRI", "PET_CT", "US"] | None = item(
        "Kind of imaging.",
        choices={
            "CT": "Computed tomography without contrast.",
            "CECT": "Contrast-enhanced computed tomography.",
            "MRI": "Magnetic resonance imaging.",
            "PET_CT": "Positron emission tomography with CT.",
            "US": "Ultrasound.",
        },
    )
    date: PartialDate | None = item("Date of the study.")
    at: Offset | None = item("Time of the study where the source has no date.")
    side: BodySide | None = item("Side of the psoas involvement that was seen.")
    lesion_ap_mm: float | None = item("Front-to-back size of the lesion.", unit="mm", gt=0, le=500)
    lesion_lr_mm: float | None = item("Left-to-right size of the lesion.", unit="mm", gt=0, le=500)
    lesion_si_mm: float | None = item("Head-to-foot size of the lesion.", unit="mm", gt=0, le=500)
    psoas_volume_ratio: float | None = item(
        "Volume of the affected psoas divided by that of the other side.", unit="1", gt=0, le=20
    )
    hydronephrosis: bool | None = item("The kidney on the affected side is obstructed.")
    vertebral: bool | None = item("The tumour involves a vertebra.")
    epidural: bool | None = item("The tumour reaches the epidural space.")
    vessel_ivc: bool | None = item("The tumour involves the inferior vena cava.")
    vessel_iliac: bool | None = item("The tumour involves iliac vessels.")
    finding: str | None = item("The finding in the words of the report.", free_text=True)


class Pathology(Part):
    """Tissue proof of the psoas involvement."""

    biopsy: bool | None = item("Tissue was taken from the psoas lesion.")
    date: PartialDate | None = item("Date on which the tissue was taken.")
    result: str | None = item("Result of the pathological examination.", free_text=True)


class MpsEpisode(Form):
    """An episode of malignant psoas syndrome; both sides belong to one episode unless more than 90 days apart."""

    NAME = "mps_episode"
    TITLE = "MPS diagnosis"
    KEY = ("episode_no",)

    episode_no: int = item("Number of the episode within the patient.", default=1, ge=1, le=20)
    crit_plexopathy: Literal["yes_objective", "yes_pain_only", "no", "not_examined"] | None = item(
        "Criterion 1: proximal lumbosacral plexopathy (L1 to L4).",
        required=True,
        choices={
            "yes_objective": "Sensory, motor or reflex deficit found.",
            "yes_pain_only": "Pain in the territory of the plexus without a deficit.",
            "no": "Examined and absent.",
            "not_examined": "Not examined.",
        },
    )
    crit_fixed_flexion: (
        Literal["fixed", "stretch_positive", "pain_on_active_flexion_only", "no", "not_examined"] | None
    ) = item(
        "Criterion 2: painful fixed flexion of the hip on the same side.",
        required=True,
        choices={
            "fixed": "The hip is held in flexion and extension is painful or impossible.",
            "stretch_positive": "Passive extension of the hip is painful.",
            "pain_on_active_flexion_only": "Only active flexion is painful.",
            "no": "Examined and absent.",
            "not_examined": "Not examined.",
        },
    )
    crit_involvement: Literal["imaging", "pathology", "both", "suspected", "no"] | None = item(
        "Criterion 3: malignant involvement of the psoas, and how it was shown.", required=True
    )
    side: Literal["left", "right", "bilateral"] | None = item(
        "Side of the syndrome.",
        required=True,
        binding="SNOMED 7771000 | 24028007 | 51440002",
    )
    mps_onset: PartialDate | None = item(
        "Date of the first symptom attributed to the psoas involvement.", required=True
    )
    onset_at: Offset | None = item("Time of onset where the source has no date.")
    onset_note: str | None = item("What the source says about the onset.", free_text=True)
    presentation_at: Offset | None = item(
        "Time of first presentation with the syndrome where the source has no date."
    )
    onset_source: Literal["patient", "carer", "record", "imputed"] | None = item(
        "Who or what gave the time of onset.", required=True
    )
    onset_basis: Literal["pain", "gait", "weakness", "oedema", "imaging_incidental"] | None = item(
        "The symptom or finding that counts as the onset.", required=True
    )
    mps_dx_date: PartialDate | None = item("Date on which the criteria were first met.", required=True)
    mps_dx_at: Offset | None = item("Time of diagnosis where the source has no date.")
    mps_recognised_date: PartialDate | None = item(
        "Date on which the term was first used, which measures the diagnostic delay."
    )
    mechanism: (
        list[
            Literal[
                "nodal_extension",
                "intramuscular_metastasis",
                "direct_primary_extension",
                "vertebral_extension",
                "primary_psoas_tumour",
                "lymphoma_infiltration",
                "unknown",
            ]
        ]
        | None
    ) = item(
        "Every way by which the cancer reached the psoas.",
        required=True,
        choices={
            "nodal_extension": "Growth from lymph nodes into the muscle.",
            "intramuscular_metastasis": "Metastasis inside the muscle.",
            "direct_primary_extension": "Growth of the primary itself into the muscle.",
            "vertebral_extension": "Growth from a vertebra into the muscle.",
            "primary_psoas_tumour": "The primary arose in the muscle.",
            "lymphoma_infiltration": "Infiltration of the muscle by lymphoma.",
        },
    )
    level_min: PsoasLevel | None = item("Uppermost vertebral level of the involvement.")
    level_max: PsoasLevel | None = item("Lowermost vertebral level of the involvement.")
    imaging: list[Imaging] | None = item("The imaging studies that show the involvement.", required=True)
    pathology: Pathology | None = item("Tissue proof of the involvement.")
    differentials_excluded: (
        list[
            Literal[
                "abscess",
                "haematoma",
                "radiation_plexopathy",
                "fracture",
                "dvt",
                "mhffs",
                "cord_cauda_compression",
                "none",
            ]
        ]
        | None
    ) = item(
        "Other diagnoses that were considered and excluded.",
        required=True,
        choices={
            "dvt": "Deep vein thrombosis.",
            "mhffs": "Malignant hip flexion failure syndrome.",
            "cord_cauda_compression": "Compression of the spinal cord or the cauda equina.",
            "none": "None was considered.",
        },
    )
    fever: bool | None = item("The patient had fever at diagnosis.")
    crp_mg_l: float | None = item(
        "C-reactive protein at diagnosis.", unit="mg/L", binding="LOINC 1988-5", ge=0, le=1000
    )
    mhffs: YesNoUnknown | None = item(
        "Malignant hip flexion failure syndrome: weak flexion without painful fixation (Ishikawa 2024)."
    )
    it_sign: YesNoUnknown | None = item("The patient lifts the leg with both hands (IT sign).")

"""Symptoms and signs at baseline, for each side of an episode."""

from typing import Literal

from registry.domain.dates import PartialDate
from registry.domain.forms.answers import GAIT, Gait, Side, YesNoUnknown
from registry.domain.forms.form import Form, Part, item

PainSite = Literal[
    "low_back",
    "flank",
    "groin",
    "anterior_thigh",
    "medial_thigh_knee",
    "lower_leg",
    "buttock",
    "hip",
    "abdomen",
]
PAIN_SITE = {"medial_thigh_knee": "Inner side of the thigh or knee."}


class NonIndexPain(Part):
    """Pain that does not come from the psoas lesion; it can hide the response of the index pain."""

    present: bool | None = item("There is pain that does not come from the psoas lesion.")
    worst_nrs: int | None = item(
        "Its worst intensity in the last 24 hours.",
        unit="{score}",
        rule="E11",
        ge=0,
        le=10,
    )
    cause: Literal["malignant", "benign", "unknown"] | None = item("Its cause.")


class Symptoms(Form):
    """Symptoms and signs of one side before treatment of the syndrome."""

    NAME = "symptoms"
    TITLE = "Baseline symptoms and signs"
    KEY = ("episode_no", "side")

    episode_no: int = item("Episode of the syndrome the findings belong to.", default=1, ge=1, le=20)
    side: Side | None = item("Side the findings belong to.", required=True)
    assess_date: PartialDate | None = item("Date of the examination.")
    pain_sites: list[PainSite] | None = item("Every place that hurts.", required=True, choices=PAIN_SITE)
    index_pain_site: PainSite | None = item(
        "The place of the pain that is attributed to the psoas lesion.", required=True, choices=PAIN_SITE
    )
    pain_severity: Literal["none", "mild", "moderate", "severe"] | None = item(
        "Severity of the index pain where only words are known; never turned into a score."
    )
    non_index_pain: NonIndexPain | None = item(
        "Pain that does not come from the psoas lesion.", required=True
    )
    pain_quality: list[Literal["deep_ache", "burning", "electric", "tingling", "cramp_spasm"]] | None = item(
        "How the pain feels.", required=True
    )
    sensory_deficit: list[Literal["L1", "L2", "L3", "L4", "none", "not_examined"]] | None = item(
        "Dermatomes with lost or changed sensation.", required=True
    )
    motor_mrc_hip_flexion: int | None = item(
        "Strength of hip flexion on the Medical Research Council scale.",
        required=True,
        unit="{score}",
        ge=0,
        le=5,
    )
    motor_mrc_quadriceps: int | None = item(
        "Strength of knee extension on the Medical Research Council scale.",
        required=True,
        unit="{score}",
        ge=0,
        le=5,
    )
    leg_weakness: YesNoUnknown | None = item("Weakness of the leg, where no grade is known.")
    patellar_reflex: Literal["normal", "reduced", "absent", "not_examined"] | None = item(
        "Patellar tendon reflex."
    )
    sign_pain_active_flexion: YesNoUnknown | None = item(
        "Active flexion of the hip is painful.", required=True
    )
    sign_fixed_flexion: YesNoUnknown | None = item("The hip is painfully fixed in flexion.", required=True)
    sign_stretch: YesNoUnknown | None = item(
        "Passive extension of the hip is painful (psoas stretch test).", required=True
    )
    leg_oedema: bool | None = item("The leg is swollen.", required=True)
    dvt: bool | None = item("Deep vein thrombosis of the leg is present.", required=True)
    gait: Gait | None = item("How the patient walks.", required=True, choices=GAIT)
    can_lie_supine: bool | None = item("The patient can lie flat, which radiotherapy needs.", required=True)
    other_symptoms: str | None = item("Further symptoms and signs in words.", free_text=True)

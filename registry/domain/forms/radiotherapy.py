"""Radiotherapy: one course to one target volume.

Doses to different targets are different records: they are never added up, because no point need have received the sum.
"""

from typing import Literal

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms.answers import BodySide, SpinalLevel, YesNoUnknown
from registry.domain.forms.form import Form, Part, item
from registry.domain.forms.time import Offset
from registry.domain.forms.tumour_response import TumourResponse


class TargetVolume(Part):
    """What was irradiated."""

    name: str | None = item("Name of the target as the plan has it.", max_length=200)
    side: BodySide | None = item("Side of the target.")
    level_min: SpinalLevel | None = item("Uppermost vertebral level of the target.", rule="E14")
    level_max: SpinalLevel | None = item("Lowermost vertebral level of the target.", rule="E14")
    volume_type: Literal["GTV", "CTV", "PTV"] | None = item(
        "Kind of volume the dose is prescribed to.",
        binding="SNOMED 228791009 | 228792002 | 228793007",
        choices={
            "GTV": "Gross tumour volume.",
            "CTV": "Clinical target volume.",
            "PTV": "Planning target volume.",
        },
    )
    body_site: Code | None = item("Body site of the target.", binding="snomed")


class OrganAtRisk(Part):
    """Dose to an organ at risk."""

    organ: Literal["bowel", "cord", "cauda", "kidney", "plexus"] = item("The organ.", default=...)
    dmax_gy: float | None = item("Maximum dose of this course to the organ.", unit="Gy", ge=0, le=200)
    cumulative_eqd2_gy: float | None = item(
        "Cumulative equivalent dose in 2 Gy fractions over all courses.", unit="Gy", ge=0, le=400
    )
    alpha_beta_gy: float | None = item(
        "Alpha/beta ratio used for the cumulative dose.", unit="Gy", gt=0, le=30
    )


class DeclaredTotal(Part):
    """A total over several targets as the source prints it: kept to be questioned, never used as a dose."""

    dose_gy: float | None = item("Total dose the source declares.", unit="Gy", gt=0, le=300)
    fractions: int | None = item(
        "Total number of fractions the source declares.", unit="{count}", ge=1, le=150
    )
    verbatim: str | None = item("The declaration in the words of the source.", free_text=True, max_length=500)


class Radiotherapy(Form):
    """A course of radiotherapy to one target volume."""

    NAME = "radiotherapy"
    TITLE = "Radiotherapy"
    KEY = ("rt_id",)

    rt_id: str = item(
        "The site's name of the course, unique within the case.",
        default=...,
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
    )
    course_no: int | None = item("Number of the course within the patient.", ge=1, le=50)
    episode_no: int | None = item("Episode of the syndrome it was given for.", ge=1, le=20)
    index_treatment: bool | None = item(
        "This is the treatment from which the response of the episode is counted.", required=True
    )
    intent: Literal["palliative", "curative", "consolidative", "adjuvant", "unknown"] | None = item(
        "Intent of the treatment.",
        required=True,
        binding="SNOMED 363676003 | 373808002 | 373846009",
    )
    indication: Literal["mps_index_pain", "other"] | None = item(
        "Whether it was given for the pain of the syndrome.", required=True
    )
    target_volume: TargetVolume | None = item("What was irradiated.", required=True)
    modality: Literal["photons", "protons", "electrons", "unknown"] | None = item(
        "Kind of radiation.", required=True, binding="SNOMED 1156506007 | 10611004 | 45643008"
    )
    technique: Literal["2D", "3D", "IMRT", "VMAT", "SBRT", "unknown"] | None = item(
        "Technique.",
        required=True,
        binding="SNOMED 1156526006 | 1162782007 | 441799006 | 1156530009",
        choices={
            "IMRT": "Intensity-modulated radiotherapy.",
            "VMAT": "Volumetric-modulated arc therapy.",
            "SBRT": "Stereotactic body radiotherapy.",
        },
    )
    planned_dose_gy: float | None = item(
        "Planned total dose in Gy, not cGy.", required=True, unit="Gy", rule="E09", gt=0, le=150
    )
    planned_fractions: int | None = item(
        "Planned number of fractions.", required=True, unit="{count}", rule="E10", ge=1, le=60
    )
    delivered_dose_gy: float | None = item(
        "Delivered total dose in Gy.", required=True, unit="Gy", rule="E09", ge=0, le=165
    )
    delivered_fractions: int | None = item(
        "Delivered number of fractions.", required=True, unit="{count}", rule="E10", ge=0, le=66
    )
    dose_per_fraction_gy: float | None = item(
        "Dose per fraction in Gy.", required=True, unit="Gy", rule="E09", ge=0.1, le=30
    )
    fractions_per_day: int | None = item("Fractions a day, where more than one.", unit="/d", ge=1, le=3)
    replanned: bool | None = item("The plan was changed during the course.")
    start: PartialDate | None = item("Date of the first fraction.", required=True)
    end: PartialDate | None = item("Date of the last fraction.", required=True)
    start_at: Offset | None = item("Time of the first fraction where the source has no date.")
    end_at: Offset | None = item("Time of the last fraction where the source has no date.")
    completed: Literal["yes", "truncated", "not_started"] | None = item(
        "Whether the course was given as planned; a truncated course is no error.", required=True
    )
    not_completed_reason: str | None = item(
        "Why the course was not completed.", when="completed is truncated or not_started", free_text=True
    )
    prior_rt_overlap: Literal["none", "adjacent", "partial", "full", "unknown"] | None = item(
        "Overlap with earlier radiotherapy.", when="there was earlier radiotherapy"
    )
    since_prior_rt: Offset | None = item(
        "Time since the end of earlier radiotherapy where the source has no date."
    )
    oars: list[OrganAtRisk] | None = item("Doses to organs at risk.")
    concurrent_support: list[Literal["epidural_positioning", "sedation", "steroids", "none"]] | None = item(
        "Support that made the course possible.",
        choices={"epidural_positioning": "Epidural analgesia so that the patient could lie still."},
    )
    tumour_response: TumourResponse | None = item("Response of the tumour to this course.")
    serious_toxicity: YesNoUnknown | None = item(
        "Whether a serious adverse event was attributed to it, where only a general statement is known."
    )
    declared_total: DeclaredTotal | None = item("Total over several targets as the source prints it.")
    note: str | None = item("The course in the words of the source.", free_text=True)

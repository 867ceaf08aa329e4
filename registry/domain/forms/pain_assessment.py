"""Pain assessment: one measurement of the pain of one lesion at one time.

A patient's answer is source data: it is never forced to be consistent (worst below average opens a query), a range
stays a range, and a visual analogue scale in millimetres is another instrument than the numeric rating scale.
"""

from typing import Annotated, Literal

from pydantic import Field

from registry.domain.dates import PartialDate
from registry.domain.forms.form import KEY_TEXT, Form, Part, item
from registry.domain.forms.symptoms import PAIN_SITE, PainSite
from registry.domain.forms.time import Offset

NRS_BINDING = "LOINC 72514-3"


class NrsRange(Part):
    """A score given as a range: its bounds, never a value."""

    lo: int = item("Lower bound of the score.", unit="{score}", rule="E11", default=..., ge=0, le=10)
    hi: int = item("Upper bound of the score.", unit="{score}", rule="E11", default=..., ge=0, le=10)


class BpiInterference(Part):
    """Brief Pain Inventory: interference of pain with seven parts of life, each 0 (none) to 10 (complete)."""

    general_activity: int | None = item(
        "Interference with general activity.", unit="{score}", rule="E11", ge=0, le=10
    )
    mood: int | None = item("Interference with mood.", unit="{score}", rule="E11", ge=0, le=10)
    walking: int | None = item("Interference with walking.", unit="{score}", rule="E11", ge=0, le=10)
    work: int | None = item("Interference with normal work.", unit="{score}", rule="E11", ge=0, le=10)
    relations: int | None = item(
        "Interference with relations to other people.", unit="{score}", rule="E11", ge=0, le=10
    )
    sleep: int | None = item("Interference with sleep.", unit="{score}", rule="E11", ge=0, le=10)
    enjoyment: int | None = item(
        "Interference with enjoyment of life.", unit="{score}", rule="E11", ge=0, le=10
    )


LanssItem = Annotated[int, Field(ge=0, le=5)]

Narrative = Literal[
    "resolved", "near_complete", "marked_improvement", "improved", "unchanged", "worse", "not_stated"
]


class PainAssessment(Form):
    """One assessment of the pain of one lesion."""

    NAME = "pain_assessment"
    TITLE = "Pain assessment"
    KEY = ("assess_date", "at", "time_point", "index_or_nonindex", "site_side", "pain_site", "recall")

    assess_date: PartialDate | None = item("Date the scores belong to.", required=True)
    at: Offset | None = item("Time of the assessment where the source has no date.")
    time_point: str | None = item(
        "Time point as a source without dates names it, such as admission.", pattern=KEY_TEXT, max_length=100
    )
    episode_no: int = item("Episode of the syndrome the assessment belongs to.", default=1, ge=1, le=20)
    index_or_nonindex: Literal["index", "nonindex"] | None = item(
        "Whether the pain is attributed to the psoas lesion.", required=True
    )
    site_side: Literal["left", "right", "midline"] | None = item("Side of the pain.", required=True)
    pain_site: PainSite | None = item(
        "Place of the pain, where several places are scored separately.", choices=PAIN_SITE
    )
    respondent: Literal["self", "proxy", "clinician"] | None = item("Who answered.")
    recall: Literal["24h", "now", "7d"] = item("The time the answer looks back on.", default="24h")
    nrs_worst: int | None = item(
        "Worst pain, 0 none to 10 as bad as can be imagined.",
        required=True,
        unit="{score}",
        binding=NRS_BINDING,
        rule="E11",
        ge=0,
        le=10,
    )
    nrs_average: int | None = item(
        "Average pain, 0 to 10.", unit="{score}", binding=NRS_BINDING, rule="E11", ge=0, le=10
    )
    nrs_least: int | None = item(
        "Least pain, 0 to 10.", unit="{score}", binding=NRS_BINDING, rule="E11", ge=0, le=10
    )
    nrs_now: int | None = item(
        "Pain right now, 0 to 10.", unit="{score}", binding=NRS_BINDING, rule="E11", ge=0, le=10
    )
    nrs_worst_range: NrsRange | None = item(
        "Worst pain where it was given as a range; kept as bounds, not turned into a score."
    )
    vas_worst_mm: float | None = item(
        "Worst pain on a visual analogue scale of 100 mm; not a numeric rating and not divided by ten.",
        unit="mm",
        ge=0,
        le=100,
    )
    bpi_interference: BpiInterference | None = item("Brief Pain Inventory, interference items.")
    dn4: int | None = item("DN4 score; 4 or more suggests neuropathic pain.", unit="{score}", ge=0, le=10)
    lanss: int | None = item(
        "LANSS score; 12 or more suggests neuropathic pain.", unit="{score}", ge=0, le=24
    )
    lanss_items: list[LanssItem] | None = item(
        "The seven LANSS items in their order, scored with their weights 5, 5, 3, 2, 1, 5, 3.",
        unit="{score}",
        min_length=7,
        max_length=7,
    )
    paindetect: int | None = item("Score of the painDETECT questionnaire.", unit="{score}", ge=-1, le=38)
    breakthrough_episodes_24h: int | None = item(
        "Episodes of breakthrough pain in the last 24 hours.", unit="{count}", ge=0, le=50
    )
    narrative: Narrative | None = item(
        "Change of the pain since the treatment began, where only words are known; never turned into a score.",
        choices={
            "resolved": "Gone.",
            "near_complete": "Almost gone.",
            "marked_improvement": "Much better.",
            "improved": "Better.",
        },
    )
    narrative_text: str | None = item("The change in the words of the source.", free_text=True)

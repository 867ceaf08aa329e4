"""Analgesic: a drug for pain or its side effects, as an interval with one dose.

A change of dose ends one record and starts another. The oral morphine equivalent is derived from these records and
is never sent.
"""

from typing import Literal

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms.answers import DrugUnit
from registry.domain.forms.form import KEY_TEXT, Form, item
from registry.domain.forms.time import Offset


class Analgesic(Form):
    """One drug at one dose over one interval."""

    NAME = "analgesic"
    TITLE = "Analgesic"
    KEY = ("drug_name", "route", "form", "start", "at", "time_point")

    drug_name: str = item(
        "International nonproprietary name of the drug in lower case.",
        default=...,
        pattern=r"^[a-z0-9][a-z0-9 ,+()/-]*$",
        max_length=100,
    )
    drug: Code | None = item("The drug as a code (ATC or RxNorm).", binding="atc")
    drug_class: (
        Literal[
            "opioid",
            "nsaid",
            "acetaminophen",
            "gabapentinoid",
            "antidepressant",
            "steroid",
            "muscle_relaxant",
            "ketamine",
            "local_anaesthetic",
            "antipsychotic",
            "other",
        ]
        | None
    ) = item("Class of the drug.", required=True)
    route: (
        Literal[
            "PO",
            "SL",
            "buccal",
            "nasal",
            "TD",
            "IV",
            "SC",
            "IM",
            "PR",
            "epidural",
            "intrathecal",
            "perineural",
        ]
        | None
    ) = item(
        "Route of administration.",
        required=True,
        choices={
            "PO": "By mouth.",
            "SL": "Under the tongue.",
            "TD": "Through the skin (patch).",
            "IV": "Into a vein.",
            "SC": "Under the skin.",
            "IM": "Into a muscle.",
            "PR": "Rectally.",
        },
    )
    form: Literal["IR", "ER", "patch_72h", "patch_24h", "infusion", "bolus"] | None = item(
        "Dosage form.",
        when="route is TD, IV, SC, epidural or intrathecal",
        choices={
            "IR": "Immediate release.",
            "ER": "Extended release.",
            "patch_72h": "Patch worn for 72 hours.",
            "patch_24h": "Patch worn for 24 hours.",
            "infusion": "Continuous infusion.",
            "bolus": "Single injections.",
        },
    )
    product: str | None = item(
        "Product, where the dose means nothing without it (patches labelled in mg).", max_length=200
    )
    start: PartialDate | None = item("First day at this dose.", required=True)
    at: Offset | None = item("Time of the first dose where the source has no date.")
    time_point: str | None = item(
        "Time point as a source without dates names it, such as admission.", pattern=KEY_TEXT, max_length=100
    )
    end: PartialDate | None = item(
        "Last day at this dose; null while it goes on.", when="the drug or the dose was stopped"
    )
    end_at: Offset | None = item("Time at which this dose was stopped where the source has no date.")
    dose_value: float | None = item(
        "Scheduled dose: a rate when the unit has a time in it, otherwise one administration.",
        required=True,
        ge=0,
        le=100000,
    )
    dose_unit: DrugUnit | None = item("UCUM unit of the dose.", when="dose_value is given", rule="E13")
    frequency: float | None = item(
        "Scheduled administrations a day.", unit="/d", when="dose_unit is an amount", gt=0, le=48
    )
    per_day: float | None = item(
        "Scheduled total a day in the mass unit of the dose, where it is recorded beside or instead of frequency.",
        when="dose_unit is an amount and frequency is null",
        ge=0,
        le=100000,
    )
    rescue_dose: float | None = item("One rescue dose.", gt=0, le=10000)
    rescue_unit: Literal["mg", "ug"] | None = item(
        "UCUM unit of the rescue dose.", when="rescue_dose is given", rule="E13"
    )
    rescue_taken_24h: float | None = item(
        "Rescue doses actually taken in 24 hours; null leaves the daily opioid dose unknown.",
        unit="{count}/d",
        when="rescue_dose is given",
        ge=0,
        le=100,
    )
    effect: Literal["controlled", "partial", "ineffective", "not_stated"] | None = item(
        "Effect on the pain.",
        choices={
            "controlled": "Pain controlled.",
            "partial": "Some relief, but not enough.",
            "ineffective": "Pain not controlled.",
        },
    )
    stop_reason: Literal["efficacy", "toxicity", "rotation", "no_longer_needed", "death"] | None = item(
        "Why this dose was stopped.",
        when="end is given",
        choices={
            "efficacy": "It did not work well enough.",
            "toxicity": "Side effects.",
            "rotation": "Change to another opioid.",
        },
    )
    opioid_ae: (
        list[
            Literal[
                "nausea",
                "vomiting",
                "constipation",
                "somnolence",
                "delirium",
                "myoclonus",
                "respiratory_depression",
            ]
        ]
        | None
    ) = item("Side effects attributed to the opioid.", binding="CTCAE 5.0")
    qtc_ms: int | None = item(
        "Corrected QT interval, expected with methadone.",
        unit="ms",
        when="drug_name is methadone",
        ge=200,
        le=900,
    )
    note: str | None = item("The treatment in the words of the source.", free_text=True)

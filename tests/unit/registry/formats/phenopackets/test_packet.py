"""Phenopackets: read by the protobuf of their authors, with what the official schema requires, and nothing invented."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.json_format import MessageToJson, Parse
from phenopackets.schema import v2

from registry.errors import WrongUsage
from registry.formats.exported import ExportedCase
from registry.formats.phenopackets.packet import packet
from registry.formats.phenopackets.terms import RESOURCES
from tests.factories_export import ABOUT, frozen, published, simulated

CASES = (*frozen(), *published(), *simulated(20, 2, 4))
EVERY = pytest.mark.parametrize("one", CASES, ids=range(len(CASES)))
ROUNDING = replace(ABOUT, round_doses=True)
ACTIONS = {"procedure", "treatment", "radiationTherapy"}


@pytest.fixture
def case() -> ExportedCase:
    """The invented case: one course has 22.5 Gy."""
    return next(one for one in frozen() if one.site == "KND")


def classes(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"id", "label"}:
            yield value
        for inner in value.values():
            yield from classes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from classes(inner)


@EVERY
def test_the_protobuf_reads_every_packet_and_gives_it_back(one: ExportedCase) -> None:
    made = packet(one, ROUNDING)
    message = Parse(json.dumps(made), v2.Phenopacket())
    assert json.loads(MessageToJson(message)) == json.loads(
        MessageToJson(Parse(MessageToJson(message), v2.Phenopacket()))
    )
    assert message.id == one.registry_id
    assert len(message.medical_actions) == len(made.get("medicalActions", []))


@EVERY
def test_what_the_official_schema_requires_is_there(one: ExportedCase) -> None:
    made = packet(one, ROUNDING)
    assert {"id", "metaData", "subject"} <= set(made)
    assert made["metaData"]["phenopacketSchemaVersion"] == "2.0"
    assert {"created", "createdBy", "resources"} <= set(made["metaData"])
    assert all(made[name] for name in made)  # no empty list
    for found in classes(made):
        prefix, _, code = found["id"].partition(":")
        assert prefix in RESOURCES
        assert code
        assert found["label"]
    for resource in made["metaData"]["resources"]:
        assert set(resource) == {"id", "name", "url", "version", "namespacePrefix", "iriPrefix"}
        assert all(resource.values())
    for measured in made.get("measurements", []):
        assert set(measured) <= {"description", "assay", "value", "timeObserved"}
        assert set(measured["value"]) == {"quantity"}
    for action in made.get("medicalActions", []):
        assert len(ACTIONS & set(action)) == 1
        if "radiationTherapy" in action:
            assert set(action["radiationTherapy"]) == {"modality", "bodySite", "dosage", "fractions"}
            assert type(action["radiationTherapy"]["dosage"]) is int
        for dose in action.get("treatment", {}).get("doseIntervals", []):
            assert set(dose) == {"quantity", "scheduleFrequency", "interval"}
            assert dose["interval"]["start"] < dose["interval"]["end"]


@EVERY
def test_every_prefix_in_use_is_declared_and_no_other(one: ExportedCase) -> None:
    made = packet(one, ROUNDING)
    declared = {resource["namespacePrefix"] for resource in made["metaData"]["resources"]}
    assert declared == {found["id"].partition(":")[0] for found in classes(made)}


def test_a_dose_that_is_no_whole_gray_fails_loudly(case: ExportedCase) -> None:
    with pytest.raises(WrongUsage) as refused:
        packet(case, ABOUT)
    for word in (case.registry_id, "RT-1", "22.5 Gy", "--round-doses"):
        assert word in str(refused.value)


def test_a_rounded_dose_is_recorded(case: ExportedCase) -> None:
    made = packet(case, ROUNDING)
    (update,) = made["metaData"]["updates"]
    assert update["comment"] == "dosage of course RT-1 rounded from 22.5 Gy to 23 Gy"
    courses = [one["radiationTherapy"] for one in made["medicalActions"] if "radiationTherapy" in one]
    assert [(one["dosage"], one["fractions"]) for one in courses] == [(23, 5), (18, 6)]
    assert [one["bodySite"]["id"] for one in courses] == ["SNOMEDCT:68455001", "MPSREG:node"]


def test_a_whole_dose_is_not_touched() -> None:
    whole = next(one for one in CASES if one.site == "LIT")
    assert "updates" not in packet(whole, ABOUT)["metaData"]


def test_absent_signs_are_excluded_and_unknown_ones_not_there(case: ExportedCase) -> None:
    found = {
        one["type"]["label"]: one.get("excluded", False)
        for one in packet(case, ROUNDING)["phenotypicFeatures"]
    }
    assert found == {
        "Hip contracture": False,
        "Lower limb muscle weakness": False,
        "Peripheral edema": False,
        "Deep venous thrombosis": True,
        "Lower limb pain": False,
        "Gait disturbance": False,
    }


def test_partial_dates_are_intervals(case: ExportedCase) -> None:
    cancer, older, syndrome = packet(case, ROUNDING)["diseases"]
    assert cancer["onset"] == {"interval": {"start": "2021-05-01T00:00:00Z", "end": "2021-06-01T00:00:00Z"}}
    assert older["onset"] == {"interval": {"start": "2012-01-01T00:00:00Z", "end": "2013-01-01T00:00:00Z"}}
    assert syndrome["laterality"]["label"] == "Bilateral"


def test_the_subject_died_and_its_survival_is_counted_from_onset(case: ExportedCase) -> None:
    subject = packet(case, ROUNDING)["subject"]
    assert subject["vitalStatus"]["status"] == "DECEASED"
    assert subject["vitalStatus"]["survivalTimeInDays"] == 261
    assert subject["timeAtLastEncounter"] == {"age": {"iso8601duration": "P91Y"}}


def test_an_empty_packet_would_pass_the_protobuf() -> None:
    """Why the tests above ask for more than a parse."""
    assert Parse("{}", v2.Phenopacket()) == v2.Phenopacket()

"""The packet of a case, and the files of an export: one for each case."""

from collections.abc import Iterable

import orjson

from registry.formats.exported import About, ExportedCase
from registry.formats.folder import Folder
from registry.formats.phenopackets.actions import actions
from registry.formats.phenopackets.subject import diseases, features, individual, measurements
from registry.formats.phenopackets.terms import Json, prefixes, resources, stated


def write_packets(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """``phenopackets/KND-000001-8.json`` for each case."""
    for case in cases:
        content = orjson.dumps(packet(case, about), option=orjson.OPT_INDENT_2)
        folder.write(f"phenopackets/{case.registry_id}.json", content + b"\n")


def packet(case: ExportedCase, about: About) -> Json:
    """The packet. Raises ``WrongUsage`` for a dose that is no whole Gy, unless doses may be rounded."""
    rounded: list[str] = []
    made = stated(
        id=case.registry_id,
        subject=individual(case),
        phenotypicFeatures=list(features(case)),
        measurements=list(measurements(case)),
        diseases=list(diseases(case)),
        medicalActions=list(actions(case, about, rounded)),
    )
    stamp = about.made.replace("+00:00", "Z")
    updates = [{"timestamp": stamp, "updatedBy": "mps", "comment": words} for words in rounded]
    made["metaData"] = stated(
        created=stamp,
        createdBy="mps",
        resources=resources(prefixes(made)),
        updates=updates,
        phenopacketSchemaVersion="2.0",
    )
    return made

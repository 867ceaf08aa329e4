"""The bundle of a case, and the files of an export: one file per case, or one line per case."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import orjson

from registry.formats.exported import About, ExportedCase
from registry.formats.fhir.questionnaire import questionnaire_response
from registry.formats.folder import Folder
from registry.formats.mcode.conditions import episodes, primary_cancers
from registry.formats.mcode.elements import Entry, Json, entry, profile
from registry.formats.mcode.medications import analgesics, systemic_therapies
from registry.formats.mcode.observations import disease_states, pain_scores, performance
from registry.formats.mcode.patient import cause_of_death, patient
from registry.formats.mcode.procedures import interventions, operations, radiotherapy


def write_bundles(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """``bundles/KND-000001-8.json`` for each case."""
    for case in cases:
        content = orjson.dumps(bundle(case, about), option=orjson.OPT_INDENT_2)
        folder.write(f"bundles/{case.registry_id}.json", content + b"\n")


def write_ndjson(cases: Iterable[ExportedCase], about: About, folder: Folder) -> None:
    """``SITE/Bundle.ndjson``, one bundle a line: a file is of one site, as it is when it is sent."""
    for site, mine in groupby(cases, key=lambda case: case.site):
        with folder.file(f"{site}/Bundle.ndjson") as out:
            out.writelines(orjson.dumps(bundle(case, about)) + b"\n" for case in mine)


def bundle(case: ExportedCase, about: About) -> Json:
    """The collection bundle of a case, with exactly one Patient."""
    return {
        "resourceType": "Bundle",
        "id": case.registry_id,
        "meta": profile("patient-bundle"),
        "type": "collection",
        "timestamp": about.made,
        "entry": [{"fullUrl": one.url, "resource": one.resource} for one in _entries(case)],
    }


def _entries(case: ExportedCase) -> Iterator[Entry]:
    subject = patient(case)
    yield subject
    yield from cause_of_death(case, subject)
    cancers = list(primary_cancers(case, subject))
    yield from (one for _, one in cancers)
    index = next((one for cancer, one in cancers if cancer.index_primary), cancers[0][1] if cancers else None)
    syndromes = [one for _, one in episodes(case, subject, index)]
    yield from syndromes
    syndrome = syndromes[0] if syndromes else None
    yield from pain_scores(case, subject)
    yield from performance(case, subject)
    yield from disease_states(case, subject, index)
    yield from radiotherapy(case, subject, syndrome)
    yield from operations(case, subject, syndrome)
    yield from interventions(case, subject)
    yield from analgesics(case, subject, syndrome)
    yield from systemic_therapies(case, subject, index)
    for version in case.case.current.values():
        answers = questionnaire_response(version, subject.reference)
        yield entry(case, f"{version.form} {version.content.key}", answers)

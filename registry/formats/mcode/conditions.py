"""Conditions: the primary cancers, and the syndrome as a secondary cancer in the iliopsoas muscle."""

from collections.abc import Iterator

from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.formats.exported import ExportedCase
from registry.formats.fhir.terms import ILIOPSOAS, SCT
from registry.formats.mcode.elements import (
    Entry,
    Json,
    body_site,
    coded,
    coding,
    concept,
    entry,
    extension,
    key,
    profile,
    stated,
    when,
)

_HL7 = "http://terminology.hl7.org/CodeSystem/"
_ASSERTED = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
_RELATED = "http://hl7.org/fhir/StructureDefinition/condition-related"
_METASTASIS_IN_MUSCLE = "94432003"
_BY_SPREAD = frozenset({"intramuscular_metastasis"})
_CLINICAL = {
    "recurrent": "recurrence",
    "progressive": "active",
    "persistent": "active",
    "treatment_naive": "active",
    "NED": "remission",
}
_VERIFIED = {
    "imaging": "confirmed",
    "pathology": "confirmed",
    "both": "confirmed",
    "suspected": "provisional",
}


def primary_cancers(case: ExportedCase, subject: Entry) -> Iterator[tuple[PrimaryCancer, Entry]]:
    """Each primary as a Condition."""
    for cancer in case.case.all(PrimaryCancer):
        histology = coded(cancer.morphology)
        found = (
            [extension("histology-morphology-behavior", valueCodeableConcept=histology)] if histology else []
        )
        stage = concept(text=cancer.stage_group) if cancer.stage_group else None
        system = " ".join(part for part in (cancer.stage_system, cancer.stage_edition) if part)
        resource = {
            "resourceType": "Condition",
            "meta": profile("primary-cancer-condition"),
            **stated(extension=found),
            "identifier": key(cancer.primary_no),
            "clinicalStatus": _status(
                "condition-clinical", _CLINICAL.get(cancer.status_at_mps or "", "active")
            ),
            "verificationStatus": _status("condition-ver-status", "confirmed"),
            "category": [_status("condition-category", "problem-list-item")],
            "code": coded(cancer.topography) or concept(text="Primary cancer"),
            "subject": subject.reference,
            **stated(onsetDateTime=when(cancer.dx_date)),
            **stated(
                stage=[stated(summary=stage, type=concept(text=system) if system else None)]
                if stage
                else None
            ),
        }
        yield cancer, entry(case, f"primary {cancer.primary_no}", resource)


def episodes(case: ExportedCase, subject: Entry, primary: Entry | None) -> Iterator[tuple[MpsEpisode, Entry]]:
    """Each episode as a Condition in the iliopsoas muscle, related to the primary that caused it.

    No code means metastasis in the psoas: the body site says it, and the words.
    """
    for episode in case.case.all(MpsEpisode):
        more: list[Json] = []
        if primary is not None:
            more.append(extension(_RELATED, valueReference=primary.reference))
        if episode.mps_dx_date is not None:
            more.append(extension(_ASSERTED, valueDateTime=when(episode.mps_dx_date)))
        spread = bool(_BY_SPREAD & set(episode.mechanism or ()))
        codes = [coding(SCT, _METASTASIS_IN_MUSCLE, "Metastasis in muscle")] if spread else []
        resource = {
            "resourceType": "Condition",
            "meta": profile("secondary-cancer-condition"),
            **stated(extension=more),
            "identifier": key(episode.episode_no),
            "clinicalStatus": _status("condition-clinical", "active"),
            "verificationStatus": _status(
                "condition-ver-status", _VERIFIED.get(episode.crit_involvement or "", "unconfirmed")
            ),
            "category": [_status("condition-category", "problem-list-item")],
            "code": concept(*codes, text="Malignant psoas syndrome"),
            "bodySite": [body_site(ILIOPSOAS, episode.side)],
            "subject": subject.reference,
            **stated(onsetDateTime=when(episode.mps_onset)),
        }
        yield episode, entry(case, f"episode {episode.episode_no}", resource)


def _status(system: str, code: str) -> Json:
    return concept(coding(f"{_HL7}{system}", code))

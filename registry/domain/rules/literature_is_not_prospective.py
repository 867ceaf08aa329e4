"""E19: a published case never enters the prospective study."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.consent import Consent
from registry.domain.forms.patient import Patient, SourceRef
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None:
        return
    if patient.source_type == "literature":
        if patient.enrolment_date is not None:
            problem = "a patient of a publication cannot be enrolled, but `enrolment_date` is given"
            yield Hit(patient, "enrolment_date", {"problem": problem})
        for consent in case.all(Consent):
            if "registry_use" in (consent.scopes or ()):
                problem = "a patient of a publication has not consented to `registry_use` of this registry"
                yield Hit(consent, "scopes", {"problem": problem})
    if patient.source_type == "prospective" and _published(patient.source_ref):
        problem = "the record is taken from a publication (`source_ref`), but `source_type` is prospective"
        yield Hit(patient, "source_type", {"problem": problem})


def _published(source: SourceRef | None) -> bool:
    return source is not None and (source.doi or source.pmid or source.text) is not None


RULE = Rule(
    id="E19",
    version=1,
    severity="reject",
    title="Literature is not prospective",
    sentence="A record taken from a publication is neither enrolled nor counted as prospective.",
    message="A published case stays outside the prospective study: {problem}. Correct `source_type`, or "
    "leave the other out.",
    why="Published cases are selected for their outcome: all three of Takamatsu et al. 2018 improved, "
    "which says little about the next patient. They are never pooled with enrolled ones.",
    fields=("patient.source_type", "patient.enrolment_date", "patient.source_ref", "consent.scopes"),
    good=(
        {"patient": {"source_type": "literature", "source_ref": {"doi": "10.3892/mco.2018.1635"}}},
        {"patient": {"source_type": "prospective", "enrolment_date": "2025-03-10"}},
        {"patient": {"source_type": "literature"}, "consent": [{"consent_type": "written_and_verbal"}]},
    ),
    bad=(
        {"patient": {"source_type": "literature", "enrolment_date": "2025-03-10"}},
        {"patient": {"source_type": "prospective", "source_ref": {"pmid": "29977543"}}},
        {"patient": {"source_type": "literature"}, "consent": [{"version": "2", "scopes": ["registry_use"]}]},
    ),
    check=check,
)

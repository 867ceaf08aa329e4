"""Which mapping reads which resource, and to which case it belongs."""

import contextlib
from collections import Counter

from registry.formats.fhir.bundle import Held, Pool
from registry.formats.fhir.conditions import condition
from registry.formats.fhir.found import Found
from registry.formats.fhir.medications import medication
from registry.formats.fhir.observations import observation
from registry.formats.fhir.patients import case_of, patient
from registry.formats.fhir.procedures import procedure
from registry.formats.fhir.questionnaire import response
from registry.formats.fhir.references import References
from registry.formats.fhir.terms import CASE
from registry.formats.fhir.values import Json, NotUsable

_HELPERS = frozenset({"BodyStructure", "Medication"})
"""Resources that only others refer to."""

_FORMS = {
    "Patient": ("patient", "death"),
    "Condition": ("primary_cancer", "mps_episode"),
    "Observation": ("pain_assessment", "function", "follow_up"),
    "Procedure": ("radiotherapy", "surgery"),
    "QuestionnaireResponse": (),
}
_DRUGS = ("analgesic", "systemic_therapy")
"""Forms that a resource of a type may become."""


class Mapper:
    """Reads the resources of one pool."""

    def __init__(self, pool: Pool, case_system: str | None) -> None:
        self.pool, self.case_system = pool, case_system
        self.references = References(pool.held)
        self._primaries: Counter[str] = Counter()
        self._whole: set[tuple[str, str]] = set()
        for held in pool.held:
            self._note_whole(held)

    def _note_whole(self, held: Held) -> None:
        """Remember which forms of a case come as they are: the same record is not also read from mCODE."""
        if held.faults or held.resource["resourceType"] != "QuestionnaireResponse":
            return
        with contextlib.suppress(NotUsable):  # said when the resource is read
            self._whole.update((self.case(held), found.form) for found in response(held))

    def found(self, held: Held) -> list[Found]:
        """The records in a sound resource. Raises ``NotUsable``."""
        kind = held.resource["resourceType"]
        if kind in _HELPERS:
            return []
        case = self.case(held)
        try:
            all_found = self._read(held, kind, case)
        except NotUsable:
            if not any((case, form) in self._whole for form in _FORMS.get(kind, _DRUGS)):
                raise
            all_found = []  # its record comes whole, and is not read from this
        if not all_found:
            self.pool.passed[f"{kind} with nothing that the registry reads"] += 1
        return [one for one in all_found if one.whole or (case, one.form) not in self._whole]

    def _read(self, held: Held, kind: str, case: str) -> list[Found]:
        match kind:
            case "Patient":
                _, by_id = case_of(held.resource, self.case_system)
                return patient(held, by_id=by_id)
            case "Condition":
                found = condition(held, self._primaries[case] + 1)
                self._primaries[case] += sum(one.form == "primary_cancer" for one in found)
                return found
            case "Observation":
                return observation(held, self.references)
            case "Procedure":
                return procedure(held, self.references)
            case "QuestionnaireResponse":
                return response(held)
            case _:
                return medication(held, self.references)

    def case(self, held: Held) -> str:
        """The case a resource belongs to. Raises ``NotUsable`` where its Patient is not there."""
        if held.resource["resourceType"] == "Patient":
            return case_of(held.resource, self.case_system)[0]
        subject: Json = held.resource.get("subject", {})
        found = self.references.held(subject, "Patient")
        if found is not None and not found.faults and found.resource["resourceType"] == "Patient":
            return case_of(found.resource, self.case_system)[0]
        identifier = subject.get("identifier", {})
        if identifier.get("system") in (CASE, self.case_system) and identifier.get("value"):
            return str(identifier["value"])
        if found is not None:
            raise NotUsable("patient_refused", "/subject", "the Patient that it belongs to was refused")
        text = f"its Patient is not in the file; send it with it, or name the case by an identifier of {CASE}"
        raise NotUsable("unresolved_reference", "/subject", text)

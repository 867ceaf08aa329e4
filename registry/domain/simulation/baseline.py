"""What a site sends about a patient at enrolment: person, cancer, syndrome, symptoms, function, consent."""

from typing import Any

from registry.domain.simulation.course import Course
from registry.domain.simulation.pain import pain
from registry.domain.simulation.person import Person
from registry.domain.simulation.site import Site
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.syndrome import draw_signs, episode, symptoms
from registry.domain.simulation.writing import Forms, Record, iso, leave_out, one_or_two

LANGUAGE = {"JP": "ja", "GB": "en", "AU": "en", "DE": "de"}

_ELIGIBLE: dict[str, Any] = {
    "inclusion_malignancy": True,
    "inclusion_psoas_syndrome": True,
    "inclusion_consent": True,
    "exclusion_benign_cause": False,
    "exclusion_objection": False,
    "exclusion_enrolled_elsewhere": False,
}
_SPREAD = ("node_para_aortic", "node_pelvic", "lung", "liver", "bone", "peritoneum", "soft_tissue")


def baseline(
    person: Person, course: Course, site: Site, missing: float, opioid: list[Record], chance: Stream
) -> Forms:
    """The forms of enrolment; ``missing`` is the share of values left out, ``opioid`` the dose taken."""
    signs = draw_signs(chance)
    return {
        "patient": _patient(person, course, site, missing, chance),
        "primary_cancer": [_primary(person, course, missing, chance)],
        "mps_episode": [episode(person, course, signs, missing, chance)],
        "symptoms": [symptoms(side, course, signs, missing, chance) for side in person.sides],
        "pain_assessment": [
            pain(side, score, course.enrolment, missing, chance)
            for side, score in zip(person.sides, person.pain, strict=True)
        ],
        "function": [_function(person, course, signs.gait, missing, chance)],
        "analgesic": opioid + _non_opioids(course, not opioid, chance),
        "consent": [_consent(course, site, chance)],
    }


def _patient(person: Person, course: Course, site: Site, missing: float, chance: Stream) -> Record:
    record: Record = {
        "birth": str(person.birth_year),
        "sex_at_birth": person.sex,
        "country": site.country,
        "source_type": "prospective",
        "enrolment_date": iso(course.enrolment),
        "eligibility": _ELIGIBLE,
        "height_cm": (158 if person.sex == "female" else 170) + chance.below(15) - 7,
        "weight_kg": 42 + chance.below(40),
        "egfr": 35 + chance.below(70),
    }
    return leave_out(record, ("height_cm", "weight_kg", "egfr"), missing, chance)


def _primary(person: Person, course: Course, missing: float, chance: Stream) -> Record:
    """The cancer; in one of eight the syndrome is its first sign, and it is diagnosed after the onset."""
    kind = person.primary
    naive = chance.chance(1 / 8)
    if naive:
        found = iso(course.onset + chance.below(course.diagnosis - course.onset + 1))
    else:
        before = 30 + min(int(chance.wait(900)), 5000)
        found = iso(course.onset - before)[: 10 if before < 1000 else 7 if before < 3000 else 4]
    record: Record = {
        "index_primary": True,
        "topography": _icd_o(kind.topography),
        "morphology": _icd_o(kind.morphology),
        "grade": chance.one_of(("1", "2", "2", "3", "3", "9")),
        "dx_date": found,
        "stage_system": kind.staging[0],
        "stage_edition": kind.staging[1],
        "stage_group": kind.stages[-1] if naive else chance.one_of(kind.stages),
        "status_at_mps": "treatment_naive"
        if naive
        else chance.one_of(("recurrent", "recurrent", "progressive", "persistent")),
        "metastatic_sites": one_or_two(_SPREAD, chance),
        "prior_lines_systemic": 0 if naive else chance.below(4),
    }
    return leave_out(record, ("grade", "stage_group", "prior_lines_systemic"), missing, chance)


def _icd_o(code: str) -> Record:
    return {"system": "ICD-O-3", "code": code, "version": "3.2"}


def _function(person: Person, course: Course, gait: str, missing: float, chance: Stream) -> Record:
    record: Record = {
        "assess_date": iso(course.enrolment),
        "ecog": person.ecog,
        "ambulation": 1 if gait == "unable" else 3 if gait == "aided" else 4 if person.ecog < 2 else 3,
        "thomas_fixed_flexion_deg": 5 * chance.below(10),
        "place_of_care": chance.one_of(("home", "hospital_ward", "hospital_ward", "palliative_care_unit")),
    }
    return leave_out(record, ("ecog", "thomas_fixed_flexion_deg"), missing, chance)


def _non_opioids(course: Course, alone: bool, chance: Stream) -> list[Record]:
    """What is taken beside the opioid; who takes none takes acetaminophen at least."""
    begun = iso(course.enrolment - 1 - chance.below(20))
    return [
        {
            "drug_name": name,
            "drug": {"system": "ATC", "code": atc},
            "drug_class": kind,
            "route": "PO",
            "form": "IR",
            "start": begun,
            "dose_value": dose,
            "dose_unit": "mg",
            "frequency": times,
        }
        for name, atc, kind, dose, times, share in _DRUGS
        if chance.random() < share or (alone and kind == "acetaminophen")
    ]


_DRUGS = (
    ("acetaminophen", "N02BE01", "acetaminophen", 1000, 3, 0.6),
    ("naproxen", "M01AE02", "nsaid", 100, 3, 0.3),
    ("pregabalin", "N02BF02", "gabapentinoid", 75, 2, 0.4),
    ("betamethasone", "H02AB01", "steroid", 4, 1, 0.2),
)


def _consent(course: Course, site: Site, chance: Stream) -> Record:
    return {
        "consent_type": chance.one_of(("written", "written", "written", "broad")),
        "version": "1.0",
        "date": iso(max(course.diagnosis, course.enrolment - chance.below(4))),
        "language": LANGUAGE[site.country],
        "scopes": ["registry_use", "recontact", "data_sharing"],
    }

"""The syndrome as a site finds it at enrolment: criteria, dates, imaging, symptoms of each side."""

from typing import NamedTuple

from registry.domain.simulation.course import Course
from registry.domain.simulation.person import Person
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.writing import Record, iso, leave_out, one_or_two, to_the_month

_PAIN_SITES = ("low_back", "groin", "anterior_thigh", "hip", "flank", "medial_thigh_knee", "buttock")
_PLEXOPATHY = ("yes_objective", "yes_objective", "yes_objective", "yes_pain_only", "yes_pain_only")
_FLEXION = ("fixed", "fixed", "stretch_positive", "stretch_positive", "pain_on_active_flexion_only")
_INVOLVEMENT = ("imaging", "imaging", "imaging", "imaging", "imaging", "both", "suspected")
_DIFFERENTIALS = ("abscess", "haematoma", "radiation_plexopathy", "fracture", "dvt", "cord_cauda_compression")
_LEVELS = (("L1", "L3"), ("L2", "L4"), ("L3", "L5"), ("L2", "L3"))
_QUALITIES = (["deep_ache"], ["deep_ache", "burning"], ["burning", "tingling"], ["electric"], ["cramp_spasm"])
_GAITS = ("antalgic", "antalgic", "crouched", "aided", "aided", "unable")
_DEFICITS = (["L2"], ["L2", "L3"], ["L3"], ["L3", "L4"])


class Signs(NamedTuple):
    """What the examination finds, on which episode and symptoms agree."""

    plexopathy: str
    flexion: str
    gait: str


def draw_signs(chance: Stream) -> Signs:
    """The findings of one patient."""
    return Signs(chance.one_of(_PLEXOPATHY), chance.one_of(_FLEXION), chance.one_of(_GAITS))


def episode(person: Person, course: Course, signs: Signs, missing: float, chance: Stream) -> Record:
    """The syndrome: criteria, onset, diagnosis, mechanism, imaging."""
    lo, hi = chance.one_of(_LEVELS)
    seen = max(course.onset, course.diagnosis - chance.below(14))
    record: Record = {
        "crit_plexopathy": signs.plexopathy,
        "crit_fixed_flexion": signs.flexion,
        "crit_involvement": chance.one_of(_INVOLVEMENT),
        "side": person.side,
        "mps_onset": to_the_month(course.onset) if person.onset_partial else iso(course.onset),
        "onset_source": chance.one_of(("patient", "patient", "record", "carer")),
        "onset_basis": chance.one_of(("pain", "pain", "pain", "pain", "gait", "weakness", "oedema")),
        "mps_dx_date": iso(course.diagnosis),
        "mechanism": [chance.one_of(person.primary.mechanism)],
        "level_min": lo,
        "level_max": hi,
        "imaging": [
            {
                "modality": chance.one_of(("CECT", "CECT", "MRI", "MRI", "PET_CT", "CT")),
                "date": iso(seen),
                "side": person.side,
                "lesion_ap_mm": 20 + chance.below(60),
                "hydronephrosis": chance.chance(0.25),
                "vertebral": chance.chance(0.3),
            }
        ],
        "differentials_excluded": [_DIFFERENTIALS[0], chance.one_of(_DIFFERENTIALS[1:])],
        "mhffs": "no",
    }
    return leave_out(record, ("onset_source", "level_min", "level_max"), missing, chance)


def symptoms(side: str, course: Course, signs: Signs, missing: float, chance: Stream) -> Record:
    """Symptoms and signs of one side, in keeping with the criteria of the episode."""
    deficit = signs.plexopathy == "yes_objective"
    painful = one_or_two(_PAIN_SITES, chance)
    record: Record = {
        "side": side,
        "assess_date": iso(course.enrolment),
        "pain_sites": painful,
        "index_pain_site": painful[0],
        "non_index_pain": {"present": False},
        "pain_quality": chance.one_of(_QUALITIES),
        "sensory_deficit": chance.one_of(_DEFICITS) if deficit else ["none"],
        "motor_mrc_hip_flexion": 2 + chance.below(3) if deficit else 5,
        "motor_mrc_quadriceps": 3 + chance.below(3) if deficit else 5,
        "patellar_reflex": chance.one_of(("reduced", "absent", "normal")) if deficit else "normal",
        "sign_pain_active_flexion": "yes",
        "sign_fixed_flexion": "yes" if signs.flexion == "fixed" else "no",
        "sign_stretch": "no" if signs.flexion == "pain_on_active_flexion_only" else "yes",
        "leg_oedema": chance.chance(0.35),
        "dvt": chance.chance(0.06),
        "gait": signs.gait,
        "can_lie_supine": chance.chance(0.6),
    }
    return leave_out(record, ("motor_mrc_hip_flexion", "dvt", "can_lie_supine"), missing, chance)

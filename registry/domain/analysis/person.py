"""Who the patient is: the part of the row that does not depend on any treatment."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from registry.domain.case import Case
from registry.domain.codes.site_groups import DEFAULT_GROUPING, site_group
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.patient import Patient
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.vital_status import Life, life

Values = Mapping[tuple[str, str], dict[str, Any]]
"""Derived values by outcome and subject."""

PUBLISHED_GROUPING = "takamatsu-2018"

ROUND_SCORES = frozenset({0, 5, 10})
"""Scores that are chosen more often than they are felt."""


def person(case: Case, values: Values, basis: Basis) -> dict[str, Any]:
    """Patient, primary, diagnosis, vital status and the quality of the dates."""
    patient, known, cutoff = case.one(Patient), life(case, basis), basis.cutoff.toordinal()
    cancer, episode = index_primary(case), known.episode
    enrolled = patient.enrolment_date if patient else None
    topography = cancer.topography.code if cancer and cancer.topography else None
    morphology = cancer.morphology.code if cancer and cancer.morphology else None
    prospective = patient is not None and patient.source_type == "prospective"
    onset = known.onset
    scores = [
        assessment.nrs_worst
        for assessment in case.all(PainAssessment)
        if assessment.nrs_worst is not None
        and (assessment.assess_date is None or Moment.of(assessment.assess_date).day <= cutoff)
    ]
    return {
        "source_type": patient.source_type if patient else None,
        "enrolled": prospective and enrolled is not None and enrolled.lo.toordinal() <= cutoff,
        "withdrawal": known.withdrawn.level if known.withdrawn else None,
        "mps_class": _of_episode(values, "MPSCLASS", episode, "class"),
        "flexion_failure": bool(_of_episode(values, "MHFFS", episode, "flexion_failure")),
        "sex": patient.sex_at_birth if patient else None,
        "age_at_onset_years": _age_at_onset(patient, known),
        "site_group": _group(topography, morphology, DEFAULT_GROUPING),
        "site_group_published": _group(topography, morphology, PUBLISHED_GROUPING),
        "topography": topography,
        "morphology": morphology,
        "mechanisms": sorted(episode.mechanism or ()) if episode else [],
        "side": episode.side if episode else None,
        "status_at_mps": cancer.status_at_mps if cancer else None,
        "prior_lines": cancer.prior_lines_systemic if cancer else None,
        "onset_to_diagnosis_days": known.diagnosis.day - onset.day if onset and known.diagnosis else None,
        "onset_to_enrolment_days": enrolled.lo.toordinal() - onset.day if onset and enrolled else None,
        "vital_status": _vital_status(case, known),
        "last_contact": known.end if known.died else _earlier(known.alive_on, cutoff),
        "dates": known.dates,
        "partial_dates": known.partial_dates,
        "scores": len(scores),
        "round_scores": sum(score in ROUND_SCORES for score in scores),
    }


_group = lru_cache(maxsize=4096)(site_group)  # few primaries, many patients


def index_primary(case: Case) -> PrimaryCancer | None:
    """The primary that caused the syndrome; the only one where none is marked."""
    cancers = case.all(PrimaryCancer)
    marked = [cancer for cancer in cancers if cancer.index_primary]
    return marked[0] if marked else cancers[0] if len(cancers) == 1 else None


def _of_episode(values: Values, outcome: str, episode: MpsEpisode | None, figure: str) -> Any:
    row = values.get((outcome, str(episode.episode_no))) if episode else None
    return row["value"][figure] if row and row["value"] else None


def _age_at_onset(patient: Patient | None, known: Life) -> int | None:
    """Year of onset minus year of birth; a stated age only where it is stated at onset."""
    if patient is None:
        return None
    if patient.birth is not None and known.onset is not None:
        return int(known.onset.date[:4]) - patient.birth.lo.year
    age = patient.age
    return int(age.value) if age is not None and age.reference == "mps_onset" else None


def _vital_status(case: Case, known: Life) -> str:
    """The last that is known; a source without dates may still say that the patient lives."""
    if known.died or known.reason == "no_death_date":
        return "dead"
    alive = known.end is not None or any(visit.vital_status == "alive" for visit in case.all(FollowUp))
    return "alive" if alive else "unknown"


def _earlier(day: int | None, cutoff: int) -> int | None:
    return None if day is None else min(day, cutoff)

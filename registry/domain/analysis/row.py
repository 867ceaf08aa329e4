"""The row itself, field by field.

Days are whole days. A ``bool | None`` is None where the question does not apply or cannot be answered.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

ANALYSIS_VERSION = 3
"""Raised whenever the same case may get another row, or its row is stored otherwise."""


@dataclass(frozen=True, slots=True)
class SurvivalRow:
    """One survival time, ready to be counted.

    entry    day of entry under observation; None when observed from the origin, enrolled before it or on it
    exit     whole day of death or censoring; 0 for a death on the day of origin
    event    1 death, 0 censored
    exit_lo, exit_hi  fewest and most days the partial dates allow
    cause    cause of death, or why the time is censored (cut_off, withdrawal, lost, last_contact)
    flags    disputed_origin, imputed_origin, imputed_end, never_at_risk, wide_bounds, zero_duration ...
    reason   why there is no time; exit is then None
    """

    entry: int | None
    exit: int | None
    event: int | None
    exit_lo: int | None
    exit_hi: int | None
    cause: str | None
    flags: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class WindowRow:
    """The response of the patient (the worst side) in one assessment window, or the best within 12 weeks.

    category, pragmatic, pain_only  CR, PR, PP, IR: by the letter; with worse pain and more opioid as PP; of
                                    pain alone
    reason     why there is no category
    day        day of the assessment, counted from the anchor of the window
    nrs0, nrs, omedd0, omedd  worst pain and opioid dose (mg/d) at baseline and in the window
    by_table   category under each opioid table
    integrated responder by the older integrated definition
    """

    category: str | None
    reason: str | None
    flags: tuple[str, ...]
    day: int | None = None
    pragmatic: str | None = None
    pain_only: str | None = None
    nrs0: int | None = None
    nrs: int | None = None
    omedd0: float | None = None
    omedd: float | None = None
    confounded: bool = False
    integrated: bool | None = None
    by_table: Mapping[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """The response to one treatment; days are counted from its start.

    responder_day, responder_after  first assessment in CR or PR, and the last before it without
    competing_day, competing_cause  death or re-irradiation before any response
    followed_to     last day of observation
    duration_days, duration_event   from first response to relapse (1), death without it (2) or last
                                    assessment (0)
    prior_opioid    an opioid was taken at baseline
    reirradiation   the target had been irradiated before
    """

    treatment: str
    kind: str
    M1: WindowRow
    M2: WindowRow
    M3: WindowRow
    best: WindowRow
    responder_day: int | None
    responder_after: int | None
    competing_day: int | None
    competing_cause: str | None
    followed_to: int | None
    duration_days: int | None
    duration_event: int | None
    narrative: str | None
    assisted: str | None
    pain_relapse: str | None
    functional: bool | None
    functional_reason: str | None
    composite: bool | None
    prior_opioid: bool | None
    reirradiation: bool | None


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """A case as a report sees it.

    analysis_version version of the row's making
    settled_on       first cut-off (YYYY-MM-DD) from which the row no longer changes, these records given
    source_type      prospective, retrospective, literature: the three are never pooled
    enrolled         prospective, with a date of enrolment not after the cut-off
    withdrawal       level of a withdrawal in force (no_further_collection, stop_use_of_existing, erase)
    mps_class        definite, probable, possible, psoas_metastasis_only, not_mps (of the first episode)
    flexion_failure  labelled as malignant hip flexion failure syndrome
    open_blocking    ids of blocking rules with an open query: the case is kept out of the primary sets
    sex              female, male, intersex, unknown; sex at birth
    age_at_onset_years  from year of birth to year of onset, as imputed
    site_group, site_group_published   groupings ``icd`` and ``takamatsu-2018``
    topography, morphology   ICD-O-3 codes of the index primary
    mechanisms       every way by which the cancer reached the psoas, sorted
    side             left, right, bilateral
    status_at_mps, prior_lines   state of the cancer, and lines of systemic therapy before the syndrome
    prior_rt_overlap overlap of the index radiotherapy with earlier fields: none, adjacent, partial, full,
                     unknown
    ecog, nrs, omedd, neuropathic (DN4 of 4 or more), gait, fixed_flexion_deg   at baseline: at most 14 days
                     before the index treatment; for the untreated within 14 days of enrolment
    onset_to_diagnosis_days, onset_to_enrolment_days   whole days, imputed dates taken as they are
    treatment        radiotherapy, systemic, both, none
    interventions    kinds of intervention against pain, sorted
    os_*             the three survival times
    response_*       the response to the index treatment of each kind; None where it was not given
    rt_*             the index radiotherapy as delivered
    rt_share_of_life, death_within_30_days  share of remaining life on radiotherapy; death within 30 days of
                                            its start
    toxicity         highest grade by term; ``toxicity_max_grade`` over all, None when no event is recorded
    net_pain_relief, pain_control_lo, pain_control_hi   shares of the time from treatment to the end of
                                                        observation
    daoh90, daoh90_lo, daoh90_hi    days alive and out of hospital in the 90 days from treatment
    completeness     core variable -> recorded; None where it does not apply
    vital_status     dead, alive, unknown; ``last_contact`` is the ordinal day of death or of last certain
                     life
    dates, partial_dates    dates given, and those known to the month or year only
    scores, round_scores    worst-pain scores, and those of 0, 5 or 10, for digit preference
    """

    analysis_version: int
    settled_on: str
    source_type: str | None
    enrolled: bool
    withdrawal: str | None
    mps_class: str | None
    flexion_failure: bool
    open_blocking: tuple[str, ...]
    sex: str | None
    age_at_onset_years: int | None
    site_group: str
    site_group_published: str
    topography: str | None
    morphology: str | None
    mechanisms: tuple[str, ...]
    side: str | None
    status_at_mps: str | None
    prior_lines: int | None
    prior_rt_overlap: str | None
    ecog: int | None
    nrs: int | None
    omedd: float | None
    neuropathic: bool | None
    gait: str | None
    fixed_flexion_deg: int | None
    onset_to_diagnosis_days: int | None
    onset_to_enrolment_days: int | None
    treatment: str
    rt_dose_gy: float | None
    rt_fractions: int | None
    rt_eqd2_10_gy: float | None
    rt_eqd2_3_gy: float | None
    rt_technique: str | None
    rt_completed: str | None
    rt_share_of_life: float | None
    death_within_30_days: bool | None
    interventions: tuple[str, ...]
    os_onset: SurvivalRow
    os_diagnosis: SurvivalRow
    os_treatment: SurvivalRow
    response_radiotherapy: ResponseRow | None
    response_systemic: ResponseRow | None
    toxicity_max_grade: int | None
    toxicity: Mapping[str, int]
    net_pain_relief: float | None
    pain_control_lo: float | None
    pain_control_hi: float | None
    daoh90: int | None
    daoh90_lo: int | None
    daoh90_hi: int | None
    completeness: Mapping[str, bool | None]
    vital_status: str
    last_contact: int | None
    dates: int
    partial_dates: int
    scores: int
    round_scores: int

    @property
    def response(self) -> ResponseRow | None:
        """The response of the case: to radiotherapy where it was given, else to systemic therapy."""
        return self.response_radiotherapy or self.response_systemic

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """The row of plain JSON. Raises KeyError when it was made by another version."""
        known = {name: row[name] for name in TOP}
        for name in _TUPLES:
            known[name] = tuple(known[name])
        for name in SURVIVAL:
            known[name] = SurvivalRow(**{**known[name], "flags": tuple(known[name]["flags"])})
        for name in RESPONSE:
            known[name] = None if known[name] is None else _response_row(known[name])
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        """The row as plain JSON."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


TOP = tuple(f.name for f in fields(AnalysisRow))
SURVIVAL = ("os_onset", "os_diagnosis", "os_treatment")
RESPONSE = ("response_radiotherapy", "response_systemic")
_TUPLES = ("open_blocking", "mechanisms", "interventions")
WINDOWS = ("M1", "M2", "M3", "best")


def _response_row(row: Mapping[str, Any]) -> ResponseRow:
    seen = {name: WindowRow(**{**row[name], "flags": tuple(row[name]["flags"])}) for name in WINDOWS}
    return ResponseRow(**{**row, **seen})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value

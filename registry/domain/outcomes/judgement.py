"""An assessment judged against the baseline: its category, or why it has none.

The category is that of the consensus; here it is decided whether the two days can be compared, what a
reader must know of them, and that worse pain within 10 days of the start of radiotherapy is a flare.
"""

from dataclasses import dataclass

from registry.domain.outcomes.confounders import CONFOUNDED, Change
from registry.domain.outcomes.index_pain import Measurement
from registry.domain.outcomes.opioid_regimen import Regimen
from registry.domain.outcomes.response_category import (
    RESPONDERS,
    Category,
    Verdict,
    consensus,
    integrated_response,
    pain_only,
)
from registry.domain.outcomes.treatment import Treatment
from registry.domain.outcomes.windows import FLARE_DAYS

PAIN_FLARE = "pain_flare"


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment with its verdict.

    regimen    the opioids of that day
    category   by the letter of the consensus; None with the ``reason`` why there is none
    pragmatic  worse pain with more opioid read as progression
    pain_only  what the pain alone says, where it and the baseline were scored
    integrated responder by the older integrated definition
    changed    confounders since baseline
    """

    measurement: Measurement
    regimen: Regimen
    category: Category | None
    reason: str | None
    pragmatic: Category | None
    pain_only: Category | None
    integrated: bool | None
    flags: frozenset[str]
    changed: tuple[Change, ...]

    @property
    def day(self) -> int:
        return self.measurement.day

    @property
    def responder(self) -> bool:
        return self.category in RESPONDERS


def category_by(p0: int, pt: int, d0: float | None, dt: float | None, flare: bool) -> str | None:
    """The category for two doses in mg/d of one table; None where one is unknown, or where it is a flare."""
    found = None if d0 is None or dt is None else consensus(p0, pt, d0, dt).category
    return None if found is None or (flare and found == Category.PP) else found.value


def judge(
    treatment: Treatment,
    base: Measurement | None,
    base_regimen: Regimen | None,
    one: Measurement,
    regimen: Regimen,
    changed: tuple[Change, ...],
    table: str,
) -> Judged:
    """The verdict on an assessment by one opioid table."""
    start = treatment.start.day if treatment.start else 0
    flags = {*regimen.flags, *(base_regimen.flags if base_regimen else ())}
    if changed:
        flags.add(CONFOUNDED)
    dates = (treatment.start, treatment.end)
    if (
        one.vague
        or (base is not None and base.vague)
        or any(day is not None and day.imputed for day in dates)
    ):
        flags.add("imputed_date")
    if not one.dated or treatment.start is None:
        flags.add("undated")
    if one.record.respondent == "proxy":
        flags.add("proxy_respondent")
    p0, pt = base.nrs if base else None, one.nrs
    alone = pain_only(p0, pt) if p0 is not None and pt is not None else None
    d0, dt = base_regimen.mg(table) if base_regimen else None, regimen.mg(table)
    verdict, integrated = Verdict(None, _why_not(table, p0, pt, base_regimen, regimen)), None
    if verdict.reason is None and p0 is not None and pt is not None and d0 is not None and dt is not None:
        verdict, integrated = consensus(p0, pt, d0, dt), integrated_response(p0, pt, d0, dt)
        flags.update(verdict.flags)
    category, reason, pragmatic = verdict.category, verdict.reason, verdict.pragmatic
    if treatment.kind == "radiotherapy" and one.day - start <= FLARE_DAYS and pragmatic == Category.PP:
        flags.add(PAIN_FLARE)
        pragmatic = None
        if category == Category.PP:
            category, reason = None, PAIN_FLARE
    return Judged(
        measurement=one,
        regimen=regimen,
        category=category,
        reason=reason,
        pragmatic=pragmatic,
        pain_only=alone.category if alone else None,
        integrated=integrated,
        flags=frozenset(flags),
        changed=changed,
    )


def _why_not(
    table: str, p0: int | None, pt: int | None, base_regimen: Regimen | None, regimen: Regimen
) -> str | None:
    """Why two assessments cannot be compared, in the fixed order."""
    if pt is None:
        return "missing_nrs"
    reasons = {regimen.reason(table), base_regimen.reason(table) if base_regimen else None}
    for reason in ("missing_omedd", "methadone_or_neuraxial_flag"):
        if reason in reasons:
            return reason
    return "no_baseline" if p0 is None else None

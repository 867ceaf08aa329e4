"""Opioid dose: the oral morphine equivalent daily dose (OMEDD) on each day on which pain was assessed.

    OMEDD = sum over the opioids of the same 24 hours of (24-hour dose x factor of the table), with rescue

It measures exposure and is not for switching drugs (CDC 2022). The figure is missing when any part of it is
unknown; what could be computed is then a lower bound. Methadone, opioids beside the spinal cord and
buprenorphine with another opioid are flagged and not computed. Steroids, gabapentinoids and ketamine are no
part of it and are named beside it.
"""

from collections.abc import Iterator
from datetime import date

from registry.domain.case import Case
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.form import Form
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.opioid_regimen import ADJUVANTS, Regimen, opioids
from registry.domain.outcomes.opioid_undated import regimens_by_time_point
from registry.domain.outcomes.outcome import Basis, Derived, Outcome

REASONS = ("missing_omedd", "methadone_or_neuraxial_flag")

_WHY = {
    "missing_omedd": "something about the opioids is not recorded",
    "methadone_or_neuraxial_flag": "methadone, a neuraxial opioid or mixed buprenorphine has no fixed "
    "equivalent",
}


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    cutoff = basis.cutoff.toordinal()
    days: dict[int, list[Form]] = {}
    for assessment in case.all(PainAssessment):
        if assessment.assess_date is not None:
            day = Moment.of(assessment.assess_date).day
            if day <= cutoff:
                days.setdefault(day, []).append(assessment)
    taken = opioids(case)
    adjuvants = [record for record in case.all(Analgesic) if record.drug_class in ADJUVANTS]
    for day in sorted(days):
        written = date.fromordinal(day).isoformat()
        beside = [record for record in adjuvants if _in_force(record, day)]
        yield _dose(written, f"on {written}", taken.on(day), basis, (*days[day], *beside), beside)
    for name, regimen in regimens_by_time_point(case).items():
        yield _dose(name, f"at the time point {name!r}", regimen, basis, (), [])


def _dose(
    subject: str, when: str, regimen: Regimen, basis: Basis, about: tuple[Form, ...], beside: list[Analgesic]
) -> Derived:
    table, inputs = basis.opioid_table, (*about, *regimen.records)
    if not regimen.known:
        text = f"The opioid dose {when} is unknown: no analgesic is recorded at all."
        return Derived(subject, None, text, "missing_omedd", regimen.flags, inputs)
    day = regimen.by(table)
    drugs = " and ".join(dict.fromkeys(dose.inn for dose in regimen.doses)) or "no opioid"
    text = (
        f"{drugs[0].upper()}{drugs[1:]} {when}: {day.known_mg:g} mg of oral morphine a day by table {table}."
    )
    per_rescue = sum(
        part.per_rescue_mg or 0.0 for part in day.components if "rescue_count_unknown" in part.flags
    )
    if not day.complete:
        least = f"at least {day.known_mg:g} mg" if day.known_mg else "an unknown amount"
        text = (
            f"The opioid dose {when} is not known, {least} of oral morphine a day: {_WHY[day.reason or '']}."
        )
    return Derived(
        subject,
        {
            "mg_per_day": day.total_mg,
            "at_least_mg_per_day": day.known_mg,
            "mg_per_unknown_rescue": per_rescue or None,
            "by_table": dict(regimen.mg_by_table()),
            "adjuvants": sorted({record.drug_class for record in beside if record.drug_class}),
        },
        text,
        day.reason,
        tuple(sorted({*regimen.flags, *day.flags})),
        inputs,
    )


def _in_force(record: Analgesic, day: int) -> bool:
    begun = record.start is None or Moment.of(record.start).day <= day
    return begun and (record.end is None or day <= Moment.of(record.end).day)


OUTCOME = Outcome(
    id="OMEDD",
    version=1,
    title="Oral morphine equivalent daily dose",
    definition="Sum over the opioids of 24 hours of dose x factor of the table, rescue doses taken "
    "included, mg/d.",
    source="CDC 2022 with ANZCA 2021 by default; other tables beside it; flags: registry decisions",
    derive=_derive,
    uses_opioid_table=True,
)

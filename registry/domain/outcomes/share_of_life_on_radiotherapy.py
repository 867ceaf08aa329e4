"""Share of the remaining life spent on radiotherapy, and the markers that go with treatment near death.

    (last day - first day + 1) / (death - first day)

Uno 2024: radiotherapy from day 0 to day 16, death on day 18: 17 / 18 = 94 %. Death within 30 days of the
start and a course that was not completed are flags. They are reported, not judged.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.treatment import Treatment, treatments
from registry.domain.outcomes.vital_status import Life, life

REASONS = ("alive", "no_treatment_date", "no_death_date")

NEAR_DEATH_DAYS = 30
DEATH_WITHIN_30_DAYS = "death_within_30_days"


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    known = life(case, basis)
    for treatment in treatments(case, basis):
        if treatment.kind == "radiotherapy":
            yield _share(treatment, known)


def _share(treatment: Treatment, known: Life) -> Derived:
    flags = ["not_completed"] if getattr(treatment.record, "completed", None) == "truncated" else []
    inputs = (treatment.record, *known.shown_by)
    dead = known.death_record is not None and (known.death is None or known.died)
    if not dead:
        text = "The patient was alive at the end of observation, so the remaining life is not known."
        return Derived(treatment.id, None, text, "alive", tuple(flags), inputs)
    if known.death is None:
        text = "The remaining life is not known: the date of death is not recorded."
        return Derived(treatment.id, None, text, "no_death_date", tuple(flags), inputs)
    if treatment.start is None or treatment.end is None:
        text = "The time on radiotherapy is not known: its first or last day is not recorded."
        return Derived(treatment.id, None, text, "no_treatment_date", tuple(flags), inputs)
    left = known.death.day - treatment.start.day
    if left <= NEAR_DEATH_DAYS:
        flags.insert(0, DEATH_WITHIN_30_DAYS)
    on_treatment = min(treatment.end.day, known.death.day) - treatment.start.day + 1
    share = min(1.0, on_treatment / left) if left > 0 else 1.0
    text = (
        f"{on_treatment} of the last {left} days of life ({share:.0%}) were spent on radiotherapy "
        f"{treatment.id}."
    )
    value = {"days_on_radiotherapy": on_treatment, "days_left": left, "share": share}
    return Derived(treatment.id, value, text, None, tuple(flags), inputs)


OUTCOME = Outcome(
    id="RTSHARE",
    version=1,
    title="Share of the remaining life spent on radiotherapy",
    definition="Days from the first to the last fraction, both counted, divided by days from the "
    "first to death.",
    source="registry decision; example: Uno et al. 2024 (Cureus 16(11):e73007)",
    derive=_derive,
)

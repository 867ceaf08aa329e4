"""Functional response: the patient walks better, the hip straightens, or lying flat is possible again.

    walking   ambulation one level higher or more, for at least 7 days
    flexion   fixed flexion 10 degrees less or more, or 5 degrees or less where it was more
    supine    can lie flat again
    gait      normal again, where the level of ambulation was not graded on both occasions

Any of them counts, up to 12 weeks after treatment. There is no published threshold for the syndrome:
registry decision. Where a published case grades nothing before treatment, normal gait or independent walking
afterwards counts when the syndrome is recorded to have impaired the hip (``baseline_inferred``), and nothing
shows that it lasted (``unconfirmed``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.domain.case import Case
from registry.domain.forms.form import Form
from registry.domain.forms.function import Function
from registry.domain.forms.symptoms import Symptoms
from registry.domain.outcomes.index_pain import end_day, offset_day
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.remembered import remembered
from registry.domain.outcomes.treatment import Treatment, treatments
from registry.domain.outcomes.windows import BASELINE_DAYS

REASONS = ("no_baseline", "not_impaired", "no_function_assessment", "unconfirmed")

SUSTAINED_DAYS = 7
FLEXION_GAIN_DEG, FLEXION_NORMAL_DEG = 10, 5
WITHIN_DAYS = 84
INDEPENDENT = 4


@dataclass(frozen=True, slots=True)
class State:
    """What the patient could do on a day; None where it was not recorded. ``day`` is None without dates."""

    day: int | None
    ambulation: int | None
    gait: str | None
    flexion_deg: int | None
    supine: bool | None
    records: tuple[Form, ...]
    impaired_hip: bool = False

    @property
    def known(self) -> bool:
        given = (self.ambulation, self.gait, self.flexion_deg, self.supine)
        return any(one is not None for one in given)

    @property
    def impaired(self) -> bool | None:
        """Whether anything could get better; None when nothing is known."""
        found = (
            self.impaired_hip
            or (self.ambulation is not None and self.ambulation < INDEPENDENT)
            or self.gait not in (None, "normal")
            or (self.flexion_deg is not None and self.flexion_deg > FLEXION_NORMAL_DEG)
            or self.supine is False
        )
        return True if found else False if self.known else None


@remembered
def functional_responses(case: Case, basis: Basis) -> tuple[Derived, ...]:
    """The functional response to each treatment of the syndrome."""
    return tuple(_response(case, basis, given) for given in treatments(case, basis) if given.sides)


def _response(case: Case, basis: Basis, treatment: Treatment) -> Derived:
    subject, what = f"{treatment.episode_no}|{treatment.id}", f"{treatment.words} {treatment.id}"
    before, later = _before(case, treatment), _after(case, basis, treatment)
    inputs: tuple[Form, ...] = (treatment.record, *before.records)
    if treatment.episode is not None:
        inputs = (*inputs, treatment.episode)
    if before.impaired is None:
        text = f"The functional response to {what} is unknown: function before treatment is not recorded."
        return Derived(subject, None, text, "no_baseline", inputs=inputs)
    if not before.impaired:
        text = f"Function was not impaired before {what}, so it could not get better."
        return Derived(subject, {"impaired": False}, text, "not_impaired", inputs=inputs)
    inputs = (*inputs, *(record for state in later for record in state.records))
    if not later:
        text = f"The functional response to {what} is unknown: function was not assessed afterwards."
        return Derived(subject, {"impaired": True}, text, "no_function_assessment", inputs=inputs)
    gains = sorted({gain for state in later for gain in _gains(before, state)})
    flags = []
    if "walking" in gains and treatment.start is not None and not _sustained(before, later):
        gains.remove("walking")
        if not gains:
            text = f"Walking was better after {what}, but it is not recorded that this lasted 7 days."
            value = {"impaired": True, "gains": ["walking"]}
            return Derived(subject, value, text, "unconfirmed", inputs=inputs)
    if treatment.start is None and gains:
        flags.append("unconfirmed")
    if gains and not before.known:
        flags.insert(0, "baseline_inferred")
    text = f"Function after {what}: " + (
        f"better ({', '.join(gains)})." if gains else "no better than before."
    )
    return Derived(
        subject,
        {"impaired": True, "response": bool(gains), "gains": gains},
        text,
        flags=tuple(flags),
        inputs=inputs,
    )


def _before(case: Case, treatment: Treatment) -> State:
    """The state before treatment: function at most 14 days old, filled up from the baseline examination."""
    start = treatment.start.day if treatment.start else 0
    found: list[tuple[int, Function]] = []
    for function in case.all(Function):
        day = _day(function, treatment)
        if day is not None and start - BASELINE_DAYS <= day <= start:
            found.append((day, function))
    functions = [function for _, function in sorted(found, key=lambda one: (-one[0], one[1].key))]
    signs = [
        one
        for one in case.all(Symptoms)
        if one.episode_no == treatment.episode_no and one.side in (*treatment.sides, None)
    ]
    examined: tuple[Function | Symptoms, ...] = (*functions, *signs)
    return State(
        day=start,
        ambulation=next((f.ambulation for f in functions if f.ambulation is not None), None),
        gait=next((f.gait for f in examined if f.gait is not None), None),
        flexion_deg=max(
            (f.thomas_fixed_flexion_deg for f in functions if f.thomas_fixed_flexion_deg is not None),
            default=None,
        ),
        supine=next((f.can_lie_supine for f in examined if f.can_lie_supine is not None), None),
        records=examined,
        impaired_hip=any(
            "yes" in (s.sign_fixed_flexion, s.sign_pain_active_flexion, s.sign_stretch, s.leg_weakness)
            for s in signs
        ),
    )


def _after(case: Case, basis: Basis, treatment: Treatment) -> list[State]:
    """The states after the start of treatment, in order of time; published ones without a time last."""
    start = treatment.start.day if treatment.start else 0
    last = (end_day(treatment) or start) + WITHIN_DAYS
    if treatment.start is not None:
        last = min(last, basis.cutoff.toordinal())
    found = []
    for function in case.all(Function):
        day = _day(function, treatment)
        published = treatment.start is None and treatment.index and function.assess_date is None
        if published or (day is not None and start < day <= last):
            found.append(
                State(
                    day,
                    function.ambulation,
                    function.gait,
                    function.thomas_fixed_flexion_deg,
                    function.can_lie_supine,
                    (function,),
                )
            )
    known = [state for state in found if state.known]
    return sorted(known, key=lambda state: (state.day is None, state.day or 0, state.records[0].key))


def _day(function: Function, treatment: Treatment) -> int | None:
    if function.assess_date is not None:
        return Moment.of(function.assess_date).day if treatment.start else None
    return offset_day(function.at, treatment)


def _gains(before: State, after: State) -> Iterator[str]:
    if after.ambulation is not None and before.ambulation is not None:
        if after.ambulation > before.ambulation:
            yield "walking"
    elif after.gait == "normal" and before.gait != "normal":
        yield "gait"
    elif (
        after.ambulation == INDEPENDENT
        and before.ambulation is None
        and before.gait in ("aided", "unable", None)
    ):
        yield "walking"
    if after.flexion_deg is not None and before.flexion_deg is not None:
        gained = before.flexion_deg - after.flexion_deg
        if gained >= FLEXION_GAIN_DEG or after.flexion_deg <= FLEXION_NORMAL_DEG < before.flexion_deg:
            yield "flexion"
    if after.supine and before.supine is False:
        yield "supine"


def _sustained(before: State, later: list[State]) -> bool:
    """Whether better walking was found again at least 7 days later with no worse finding in between."""
    graded = [state for state in later if state.ambulation is not None and state.day is not None]
    since: int | None = None
    for state in graded:
        if "walking" not in _gains(before, state):
            since = None
        elif since is None:
            since = state.day
        elif state.day is not None and state.day - since >= SUSTAINED_DAYS:
            return True
    return False


OUTCOME = Outcome(
    id="RESPFUNC",
    version=1,
    title="Functional response",
    definition="Ambulation up one level for at least 7 days, fixed flexion down 10 degrees or to 5 at "
    "most, lying flat regained, or gait normal again, within 12 weeks after treatment.",
    source="registry decision",
    derive=functional_responses,
)

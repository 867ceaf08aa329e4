"""Overall survival from symptom onset (primary), from diagnosis of the syndrome, and from treatment.

    dead by the cut-off   t = death - origin, event
    otherwise             t = last day known alive, at most the cut-off or the day of withdrawal - origin,
                          censored
    entry                 max(0, enrolment - origin): patients had to live until they were enrolled (left
                          truncation)

Days are whole days by the calendar; months are days / 30.4375. Partial dates enter as day 15 or 1 July, and
the fewest and most days they allow stay beside the figure; wider than 62 days is flagged and left out of the
primary curve. A death on the day of origin counts half a day. No censoring at a further line of therapy.
Published whole months become an interval. Kaplan & Meier 1958; conventions: registry decisions.
"""

from collections.abc import Callable, Iterator
from functools import partial

from registry.domain.case import Case
from registry.domain.dates import months
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.patient import Patient
from registry.domain.outcomes.moment import KNOWN_TO, Moment
from registry.domain.outcomes.outcome import Basis, Derived, Outcome, Value
from registry.domain.outcomes.published_survival import published_days
from registry.domain.outcomes.treatment import index_treatment
from registry.domain.outcomes.vital_status import NO_LAST_CONTACT, Life, life

REASONS = ("no_origin", "no_death_date", NO_LAST_CONTACT, "origin_after_end")
"""Why a survival time is missing."""

WIDE_BOUNDS_DAYS = 62
SAME_DAY_DEATH_DAYS = 0.5

_ONSET = ("symptom onset", "onset", "symptom_onset")
_DIAGNOSIS = ("diagnosis of the syndrome", "diagnosis", "mps_diagnosis")
_TREATMENT = ("the start of the index treatment", "start of treatment", "treatment_start")

Origin = Callable[[Case, Basis], tuple[Moment | None, tuple[Form, ...]]]


def _from_onset(case: Case, basis: Basis) -> tuple[Moment | None, tuple[Form, ...]]:
    known = life(case, basis)
    return known.onset, (known.episode,) if known.episode else ()


def _from_diagnosis(case: Case, basis: Basis) -> tuple[Moment | None, tuple[Form, ...]]:
    known = life(case, basis)
    return known.diagnosis, (known.episode,) if known.episode else ()


def _from_treatment(case: Case, basis: Basis) -> tuple[Moment | None, tuple[Form, ...]]:
    given = index_treatment(case, basis)
    return (given.start, (given.record,)) if given else (None, ())


def _survival(origin: Origin, words: tuple[str, str, str], case: Case, basis: Basis) -> Iterator[Derived]:
    known = life(case, basis)
    start, start_by = origin(case, basis)
    if not start_by:
        return  # no such event in this case: nothing to count from
    published = _published(known, start_by, words)
    if published is not None:
        yield published
    elif start is None:
        yield _without_origin(case, start_by, words)
    elif known.end is None:
        dead = known.reason != NO_LAST_CONTACT
        how = "the patient died, but the date is not recorded" if dead else "no last contact is recorded"
        inputs = (*start_by, *known.shown_by)
        yield Derived("", None, f"The time from {words[0]} is unknown: {how}.", known.reason, inputs=inputs)
    else:
        yield _dated(case, known, start, known.end, start_by, words)


def _without_origin(case: Case, start_by: tuple[Form, ...], words: tuple[str, str, str]) -> Derived:
    """A source without dates may still say how long the patient lived at least; else nothing is known."""
    least = _stated_minimum(case)
    if least is None or case.one(Death) is not None:
        text = f"The time from {words[0]} is unknown: the date of the {words[1]} is not recorded."
        return Derived("", None, text, "no_origin", inputs=start_by)
    days, visit = least
    text = f"Alive at least {days} days after {words[0]}, as published; no date is stated."
    return Derived("", {"event": 0, "days_lo": days}, text, NO_LAST_CONTACT, inputs=(*start_by, visit))


def _dated(
    case: Case, known: Life, start: Moment, end: int, start_by: tuple[Form, ...], words: tuple[str, str, str]
) -> Derived:
    patient = case.one(Patient)
    enrolled = patient.enrolment_date if patient else None
    inputs = (*start_by, *known.shown_by, *((patient,) if patient and enrolled else ()))
    days = end - start.day
    if days < 0:
        text = f"The observation ended before {words[0]}, so there is no time to count."
        return Derived("", None, text, "origin_after_end", tuple(sorted(known.flags)), inputs)
    last = known.death if known.died and known.death else Moment(end, end, end)
    lo, hi = max(0, last.lo - start.hi), last.hi - start.lo
    entry = None if enrolled is None else max(0, enrolled.lo.toordinal() - start.day)
    zero = known.died and days == 0
    flags = set(known.flags)
    if start.imputed:
        flags.add("imputed_origin")
    if last.imputed:
        flags.add("imputed_end")
    if hi - lo > WIDE_BOUNDS_DAYS:
        flags.add("wide_bounds")
    if zero:
        flags.add("zero_duration")
    if entry is None and (patient is None or patient.source_type == "prospective"):
        flags.add("no_enrolment_date")
    if (entry or 0) >= (SAME_DAY_DEATH_DAYS if zero else days):
        flags.add("never_at_risk")
    value: Value = {
        "days": SAME_DAY_DEATH_DAYS if zero else days,
        "months": months(days),
        "event": 1 if known.died else 0,
        "days_lo": lo,
        "days_hi": hi,
        "entry_days": entry,
        "start": start.date,
        "start_imputed": start.imputed or None,
        "end": last.date,
        "end_imputed": last.imputed or None,
        "censored_by": known.censoring,
    }
    return Derived("", value, _sentence(known, start, last, value, words), None, tuple(sorted(flags)), inputs)


def _sentence(known: Life, start: Moment, last: Moment, value: Value, words: tuple[str, str, str]) -> str:
    days = int(last.day - start.day)
    span = f"{days} day{'' if days == 1 else 's'} ({months(days)} months) after {words[0]}"
    if known.died:
        text = f"Died on the day of {words[0]}" if days == 0 else f"Died {span}"
    else:
        ended = {
            "cut_off": "at the cut-off",
            "withdrawal": "when consent was withdrawn",
            "lost": "when last heard of, then lost to follow-up",
            "last_contact": "at the last contact",
        }[known.censoring or "last_contact"]
        text = f"Alive {span}, {ended} on {last.date}; not followed further"
    vague = [
        f"the {name} is known to {KNOWN_TO[moment.imputed]}"
        for name, moment in ((words[1], start), ("death", last))
        if moment.imputed
    ]
    if vague:
        text += (
            f"; {' and '.join(vague)}, so the time lies between {value['days_lo']} and "
            f"{value['days_hi']} days"
        )
    if value["entry_days"]:
        text += f"; under observation from day {value['entry_days']}, the day of enrolment"
    return text + "."


def _published(known: Life, start_by: tuple[Form, ...], words: tuple[str, str, str]) -> Derived | None:
    """The interval of a published survival time, where the source counts from this origin and gives no
    date."""
    record = known.death_record
    if record is None or record.death_date is not None or record.published_survival is None:
        return None
    stated = record.published_survival
    if words[2] not in stated.origins:
        text = f"The publication does not count the time from {words[0]}."
        return Derived("", None, text, "no_origin", inputs=(*start_by, record))
    lo, hi = published_days(stated.months)
    flags = ["published_duration"]
    text = f"Died {stated.months:g} months after {words[0]} as published, that is {lo} to {hi} days"
    if len(stated.origins) > 1:
        flags.insert(0, "disputed_origin")
        named = " and from ".join(origin.replace("_", " ").replace("mps", "MPS") for origin in stated.origins)
        text += f"; the source counts the same number from {named}, so the origin is disputed"
    value: Value = {
        "days": None,
        "months": stated.months,
        "event": 1,
        "days_lo": lo,
        "days_hi": hi,
        "entry_days": None,
        "origins": list(stated.origins),
        "verbatim": stated.verbatim,
    }
    return Derived("", value, text + ".", None, tuple(flags), (*start_by, record))


def _stated_minimum(case: Case) -> tuple[int, Form] | None:
    """Fewest days an undated patient is said to have lived after treatment began or ended, and who says so.

    The treatment follows onset and diagnosis, so it is a lower bound of the time from each of the three
    origins.
    """
    found = [
        (int(visit.at.days), visit)
        for visit in case.all(FollowUp)
        if visit.vital_status == "alive"
        and visit.at is not None
        and visit.at.origin in ("treatment_start", "treatment_end")
        and visit.at.relation not in ("at_most", "less_than")
    ]
    return max(found, key=lambda one: one[0], default=None)


def _outcome(param: str, title: str, origin: Origin, words: tuple[str, str, str]) -> Outcome:
    return Outcome(
        id=param,
        version=1,
        title=title,
        definition=f"Days from {words[0]} to death from any cause, censored at the last day known alive.",
        source="ADaM ADTTE; left truncation and bounds of partial dates: registry decisions",
        derive=partial(_survival, origin, words),
    )


OUTCOMES = (
    _outcome("OSONS", "Overall survival from symptom onset", _from_onset, _ONSET),
    _outcome("OSDX", "Overall survival from diagnosis of the syndrome", _from_diagnosis, _DIAGNOSIS),
    _outcome("OSTRT", "Overall survival from the start of the index treatment", _from_treatment, _TREATMENT),
)

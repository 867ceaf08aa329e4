"""Vital status: the death, or the last day the patient was certainly alive, and the end of follow-up.

*Last known alive* is the latest day on which some record proves life: a follow-up that says so, a symptom
assessed, a treatment given, enrolment. A date known to the month proves its first day only. Nobody is
carried forward to the cut-off: a patient not heard of is censored at the last contact (registry decision).
"""

from typing import Literal, NamedTuple

from registry.domain.case import Case
from registry.domain.forms.consent import Consent
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.kept import kept
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.order_of_events import CONTRADICTORY_DATES, Order, order_of_events
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.remembered import remembered
from registry.domain.outcomes.withdrawal import Withdrawn, withdrawal
from registry.domain.timeline import dated_events

Censoring = Literal["cut_off", "withdrawal", "lost", "last_contact"]

NO_DEATH_DATE = "no_death_date"
NO_LAST_CONTACT = "no_last_contact"
UNCERTAIN_AT_CUTOFF = "uncertain_at_cutoff"

_GIVEN_BY_THE_PATIENT = frozenset({"written", "verbal", "written_and_verbal", "broad"})


class Life(NamedTuple):
    """What is known of a patient's life up to the cut-off; days are ordinals.

    onset, diagnosis, death  of the first episode, each within the bounds of the others
    alive_on   last day of certain life, before or after the cut-off, and ``alive_by`` the record that proves
               it
    withdrawn  the withdrawal that is in force at the cut-off
    died       the death lies within the time of observation
    end        last day of observation: the death or the day of censoring; None when neither is known, see
               ``reason``
    censoring  why the observation ended, when not by death
    last_date  last day that any date of the case may mean, appointments apart
    dates, partial_dates  how many dates the case has, and how many of them are known to the month or year
                          only
    shown_by   the records that show how and when the observation ended
    """

    episode: MpsEpisode | None
    onset: Moment | None
    diagnosis: Moment | None
    death: Moment | None
    death_record: Death | None
    alive_on: int | None
    alive_by: Form | None
    withdrawn: Withdrawn | None
    died: bool
    end: int | None
    censoring: Censoring | None
    reason: str | None
    flags: frozenset[str]
    last_date: int
    dates: int
    partial_dates: int
    shown_by: tuple[Form, ...]


def first_episode(case: Case) -> MpsEpisode | None:
    """The episode from which survival is counted: the one with the lowest number."""
    return min(case.all(MpsEpisode), key=lambda episode: episode.episode_no, default=None)


@remembered
def life(case: Case, basis: Basis) -> Life:
    """The vital status of a case at the cut-off."""
    cutoff = basis.cutoff.toordinal()
    patient, episode, dead = case.one(Patient), first_episode(case), case.one(Death)
    alive_on, alive_by, seen = _last_known_alive(case)
    order = _order(case)
    withdrawn = withdrawal(case)
    if withdrawn is not None and withdrawn.day > cutoff:
        withdrawn = None
    horizon = withdrawn.day if withdrawn else cutoff
    flags = set() if order.possible else {CONTRADICTORY_DATES}
    death = order.death
    if death is not None and death.lo <= horizon < death.hi:
        flags.add(UNCERTAIN_AT_CUTOFF)
    end: int | None
    if death is not None and death.day <= horizon:
        died, end, censoring, reason = True, death.day, None, None
    else:
        beyond = death is not None or withdrawn is not None or (alive_on or 0) > horizon
        died = False
        end, censoring, reason = _censored(case, beyond, alive_on, horizon, withdrawn)
    shown_by: list[Form | None] = [withdrawn.record if withdrawn else None, dead]
    if any(event is not None and event.imputed for event in (order.onset, order.diagnosis, death)):
        shown_by += [patient, episode, alive_by]  # they narrow it
    if death is None:
        shown_by.append(alive_by)
    if dead is None:
        shown_by += [
            v for v in case.all(FollowUp) if v.lost_to_followup is not None or v.vital_status == "dead"
        ]
    return Life(
        episode=episode,
        onset=order.onset,
        diagnosis=order.diagnosis,
        death=death,
        death_record=dead,
        alive_on=alive_on,
        alive_by=alive_by,
        withdrawn=withdrawn,
        died=died,
        end=end,
        censoring=censoring,
        reason=reason,
        flags=frozenset(flags),
        last_date=seen.last,
        dates=seen.dates,
        partial_dates=seen.partial,
        shown_by=tuple({id(record): record for record in shown_by if record is not None}.values()),
    )


@kept
def _order(case: Case) -> Order:
    """Onset, diagnosis and death of the first episode."""
    patient, episode, dead = case.one(Patient), first_episode(case), case.one(Death)
    alive_on, _, _ = _last_known_alive(case)
    return order_of_events(
        patient.birth if patient else None,
        episode.mps_onset if episode else None,
        episode.mps_dx_date if episode else None,
        dead.death_date if dead else None,
        alive_on,
    )


def _censored(
    case: Case, beyond: bool, alive_on: int | None, horizon: int, withdrawn: Withdrawn | None
) -> tuple[int | None, Censoring | None, str | None]:
    """Last day of observation of a patient who did not die in it and why it ended, or why there is no such
    day."""
    if beyond:  # life went on after the last day that may be looked at
        return horizon, "withdrawal" if withdrawn else "cut_off", None
    visits = case.all(FollowUp)
    if case.one(Death) is not None or any(_says_dead(visit, horizon) for visit in visits):
        return None, None, NO_DEATH_DATE  # to censor the dead as if they lived would flatter survival
    if alive_on is None:
        return None, None, NO_LAST_CONTACT
    lost = any(visit.lost_to_followup is not None for visit in visits)
    return alive_on, "lost" if lost else "last_contact", None


def _says_dead(visit: FollowUp, horizon: int) -> bool:
    known_on = visit.visit_date
    return visit.vital_status == "dead" and (known_on is None or known_on.lo.toordinal() <= horizon)


class _Seen(NamedTuple):
    last: int
    dates: int
    partial: int


@kept
def _last_known_alive(case: Case) -> tuple[int | None, Form | None, _Seen]:
    """Last day of certain life and the record that proves it; last possible day and numbers of all dates."""
    best, proof, last, dates, partial = 0, None, 0, 0, 0
    for record, path, written, kind in dated_events(case):
        if path == "next_due":  # an appointment, not something that happened
            continue
        dates += 1
        partial += not written.exact
        last = max(last, written.hi.toordinal())
        day = written.lo.toordinal()
        if day > best and _proves_life(
            record, path, kind
        ):  # of two of one day the first in order of form and key
            best, proof = day, record
    return best or None, proof, _Seen(last, dates, partial)


def _proves_life(record: Form, path: str, kind: str) -> bool:
    if type(record) is FollowUp and path == "visit_date":
        return record.vital_status == "alive"
    if kind == "clinical":
        return True
    if type(record) is Patient:
        return path == "enrolment_date"
    return type(record) is Consent and path == "date" and record.consent_type in _GIVEN_BY_THE_PATIENT

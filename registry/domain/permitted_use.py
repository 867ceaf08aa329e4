"""What the patient allows to be done with the records: to collect them, use them, share them, link them.

A withdrawal of use holds for every data set made after it, whatever past the data set looks back on; a consent given
anew after it lifts it. What a patient allows is what the newest consent says. Registry decisions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from registry.domain.case import Case
from registry.domain.forms.consent import Consent
from registry.domain.kept import kept

USE_ENDED = frozenset({"stop_use_of_existing", "erase"})
"""Levels of withdrawal after which the data enter no new data set."""

COLLECTION_ENDED = USE_ENDED | {"no_further_collection"}
"""Levels after which nothing is collected any more."""

CONTACT_ENDED = COLLECTION_ENDED | {"no_further_contact"}
"""Levels after which the study asks nothing of the patient any more."""

Scope = Literal["registry_use", "recontact", "linkage", "data_sharing", "genomic"]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawal: its first day, or the first day there is where it names none, and its level."""

    day: date
    level: str


@kept
def use_ended(case: Case) -> Withdrawn | None:
    """The withdrawal of use, whether its day has come or not; None where there is none that still holds."""
    consents = case.all(Consent)
    found = [one for one in map(_withdrawal_of_use, consents) if one and not _given_anew(consents, one.day)]
    return min(found, key=lambda one: (one.day, one.level), default=None)


def may_be_used(case: Case, today: date) -> bool:
    """False once a withdrawal of use, or of everything, is in force. One without a date is in force at once."""
    ended = use_ended(case)
    return ended is None or ended.day > today


def may_be_shared(case: Case) -> bool:
    """False where the patient was asked what is allowed and did not name the sharing of data."""
    return allows(case, "data_sharing")


def may_be_linked(case: Case) -> bool:
    """False where the patient did not name linkage, and from the moment at which a withdrawal of use is known."""
    return use_ended(case) is None and allows(case, "linkage")


def may_be_contacted(case: Case) -> bool:
    """False once the patient wants no contact any more."""
    return not any(one.withdrawal and one.withdrawal.level in CONTACT_ENDED for one in case.all(Consent))


def allows(case: Case, scope: Scope) -> bool:
    """Whether the newest consent that says what is allowed names it; a case without one forbids nothing yet."""
    said = [(_day(one), one.scopes) for one in case.all(Consent) if one.scopes is not None]
    newest = max((day for day, _ in said), default=None)
    return all(scope in scopes for day, scopes in said if day == newest)


def _withdrawal_of_use(consent: Consent) -> Withdrawn | None:
    said = consent.withdrawal
    if said is None or said.level not in USE_ENDED:
        return None
    day = said.effective_from or said.date
    return Withdrawn(day.lo if day else date.min, said.level)


def _given_anew(consents: tuple[Consent, ...], withdrawn: date) -> bool:
    return withdrawn > date.min and any(
        _day(one) > withdrawn and _withdrawal_of_use(one) is None for one in consents
    )


def _day(consent: Consent) -> date:
    return consent.date.lo if consent.date else date.min

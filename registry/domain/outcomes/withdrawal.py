"""Withdrawal: from which day on nothing more may be collected about a patient."""

from dataclasses import dataclass

from registry.domain.case import Case
from registry.domain.forms.consent import Consent
from registry.domain.permitted_use import COLLECTION_ENDED


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The first day (ordinal) of a withdrawal, its level, and the record that says so."""

    day: int
    level: str
    record: Consent


def withdrawal(case: Case) -> Withdrawn | None:
    """The earliest withdrawal that ends collection, whether before or after the cut-off."""
    found = []
    for consent in case.all(Consent):
        said = consent.withdrawal
        if said is None or said.level not in COLLECTION_ENDED:
            continue
        day = said.effective_from or said.date
        if day is not None:
            found.append(Withdrawn(day.lo.toordinal(), said.level, consent))
    return min(found, key=lambda one: one.day, default=None)

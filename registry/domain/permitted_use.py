"""What the patient allows to be done with the records: whether they may be used at all, and whether they may be shared.

A withdrawal of use holds for every data set made after it, whatever past the data set looks back on. Registry decision.
"""

from datetime import date

from registry.domain.case import Case
from registry.domain.forms.consent import Consent

LEVELS_THAT_END_USE = frozenset({"stop_use_of_existing", "erase"})


def may_be_used(case: Case, today: date) -> bool:
    """False once a withdrawal of use, or of everything, is in force. One without a date is in force at once."""
    for consent in case.all(Consent):
        said = consent.withdrawal
        if said is not None and said.level in LEVELS_THAT_END_USE:
            day = said.effective_from or said.date
            if day is None or day.lo <= today:
                return False
    return True


def may_be_shared(case: Case) -> bool:
    """False where the patient was asked what is allowed and did not name the sharing of data."""
    asked = [consent.scopes for consent in case.all(Consent) if consent.scopes is not None]
    return not asked or any("data_sharing" in scopes for scopes in asked)

"""Linkage: by which tokens a case may be recognised at another site.

A token is a keyed hash made at the site (``linkage_token.py``); the registry only compares. While a study changes its
key, a site sends the token of the new key as a correction: the newest token of each key is in force, so that two sites
find each other although one of them is late.
"""

from typing import NamedTuple

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.forms.death import Death
from registry.domain.forms.patient import Patient
from registry.domain.kept import kept
from registry.domain.permitted_use import may_be_linked


class Facts(NamedTuple):
    """What another site's case is judged by: the tokens in force, the day of death, birth and sex."""

    tokens: tuple[str, ...]
    death: PartialDate | None
    birth: PartialDate | None
    sex: str | None


@kept
def tokens(case: Case) -> tuple[str, ...]:
    """The newest token of each key; none where the patient has not allowed linkage, or took the consent back.

    A case without any consent record is compared: the site sent the token, and its consent may be yet to come.
    """
    patient = case.one(Patient)
    if patient is None or not may_be_linked(case):
        return ()
    newest: dict[str, str] = {}
    for version in case.versions[Patient.NAME, patient.key]:
        token = getattr(version.content, "linkage_token", None)
        if token is not None:
            newest[token.partition(":")[0] if ":" in token else ""] = token
    return tuple(newest.values())


@kept
def facts(case: Case) -> Facts:
    """What the cases of other sites with an equal token have to be told of when it changes."""
    death, patient = case.one(Death), case.one(Patient)
    return Facts(
        tokens(case),
        death.death_date if death else None,
        patient.birth if patient else None,
        patient.sex_at_birth if patient else None,
    )

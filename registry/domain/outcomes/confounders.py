"""What else may have changed the pain between baseline and an assessment.

An intervention against pain, a new systemic therapy, another radiotherapy against the syndrome, or a
steroid, gabapentinoid or ketamine that was begun or changed. A response with one of them is confounded and
left out of a sensitivity analysis; it keeps its category.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.form import Form
from registry.domain.forms.intervention import Intervention
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.kept import kept
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.opioid_regimen import ADJUVANTS
from registry.domain.outcomes.outcome import Basis

CONFOUNDED = "confounded"


class Change(NamedTuple):
    """Something that may change the pain: its day (ordinal), its kind, its record."""

    day: int
    kind: str
    record: Form


@kept
def changes(case: Case) -> tuple[Change, ...]:
    """Every dated change of the case, in order of time."""
    found = (
        Change(Moment.of(written).day, kind, record)
        for written, kind, record in _stated(case)
        if written is not None
    )
    return tuple(sorted(found, key=lambda change: (change.day, change.kind, change.record.key)))


def confounders(case: Case, basis: Basis, treatment: Form, after: int, until: int) -> tuple[Change, ...]:
    """Changes later than one day and not later than another, the treatment itself apart."""
    return tuple(
        change for change in changes(case) if after < change.day <= until and change.record is not treatment
    )


def _stated(case: Case) -> Iterator[tuple[PartialDate | None, str, Form]]:
    for intervention in case.all(Intervention):
        kind = "palliative_sedation" if intervention.type == "palliative_sedation" else "intervention"
        yield intervention.date, kind, intervention
        yield intervention.end, kind, intervention
    for therapy in case.all(SystemicTherapy):
        if therapy.status == "given":
            yield therapy.c1d1, "systemic_therapy", therapy
    for course in case.all(Radiotherapy):
        if course.indication == "mps_index_pain" or course.index_treatment:
            yield course.start, "radiotherapy", course
    for analgesic in case.all(Analgesic):
        if analgesic.drug_class in ADJUVANTS:
            yield analgesic.start, str(analgesic.drug_class), analgesic

"""How the patient was treated."""

from typing import Any

from registry.domain.analysis.person import Values
from registry.domain.case import Case
from registry.domain.forms.intervention import Intervention
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.toxicity import Toxicity
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.treatment import Kind, Treatment, treatments


def therapy(case: Case, values: Values, basis: Basis) -> dict[str, Any]:
    """Kinds of treatment, the index radiotherapy as delivered, interventions, toxicity."""
    kinds = {treatment.kind for treatment in treatments(case, basis)}
    given = main_treatment(case, basis, "radiotherapy")
    course = given.record if given is not None and isinstance(given.record, Radiotherapy) else None
    dose = values.get(("RTDOSE", course.rt_id)) if course else None
    eqd2 = dose["value"]["delivered"]["eqd2_gy"] if dose and dose["value"]["delivered"] else {}
    cutoff, grades = basis.cutoff.toordinal(), dict[str, int]()
    for event in case.all(Toxicity):
        if event.grade is None or (event.onset is not None and Moment.of(event.onset).day > cutoff):
            continue
        term = (event.term_other if event.term == "other" else event.term) or "not named"
        grades[term] = max(event.grade, grades.get(term, 0))
    return {
        "treatment": kinds.pop() if len(kinds) == 1 else "both" if kinds else "none",
        "prior_rt_overlap": course.prior_rt_overlap if course else None,
        "rt_dose_gy": course.delivered_dose_gy if course else None,
        "rt_fractions": course.delivered_fractions if course else None,
        "rt_eqd2_10_gy": eqd2.get("10"),
        "rt_eqd2_3_gy": eqd2.get("3"),
        "rt_technique": course.technique if course else None,
        "rt_completed": course.completed if course else None,
        "interventions": sorted(
            {
                one.type
                for one in case.all(Intervention)
                if one.type is not None and (one.date is None or Moment.of(one.date).day <= cutoff)
            }
        ),
        "toxicity": dict(sorted(grades.items())),
        "toxicity_max_grade": max(grades.values(), default=None),
    }


def main_treatment(case: Case, basis: Basis, kind: Kind) -> Treatment | None:
    """The first index treatment of a kind; the first of the kind where none is marked."""
    of_kind = [treatment for treatment in treatments(case, basis) if treatment.kind == kind]
    return next((one for one in of_kind if one.index), of_kind[0] if of_kind else None)

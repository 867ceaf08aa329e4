"""Q31: an age is that at the onset of the syndrome (AGE_REFERENCE_AMBIGUOUS)."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import DAYS_PER_YEAR
from registry.domain.forms.patient import Patient
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.forms.time import Offset
from registry.domain.outcomes.vital_status import first_episode
from registry.domain.rules.rule import Context, Hit, Rule

CLEAR = ("mps_onset", "mps_diagnosis", "enrolment")
UNITS = {"d": "d", "wk": "wk", "mo": "months", "a": "years"}


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None or patient.birth is not None or patient.age is None or patient.age.reference in CLEAR:
        return
    index = next((one for one in case.all(PrimaryCancer) if one.index_primary is not False), None)
    if patient.age.reference == "primary_diagnosis" and _together(index):
        return
    values = {
        "code": "AGE_REFERENCE_AMBIGUOUS",
        "age": f"{patient.age.value:g}",
        "reference": patient.age.reference.replace("_", " "),
        "bound": _bound(case, index, patient.age.value),
    }
    yield Hit(patient, "age/reference", values)


def _together(index: PrimaryCancer | None) -> bool:
    """The cancer was diagnosed when the syndrome was, so the one age is the other."""
    at = index.dx_at if index is not None else None
    return (
        at is not None and at.value == 0 and at.origin in ("presentation", "mps_diagnosis", "symptom_onset")
    )


def _bound(case: Case, index: PrimaryCancer | None, age: float) -> str:
    """The arithmetic of the least age at the syndrome, from the stated intervals of the earlier course."""
    episode = first_episode(case)
    stated = [recurrence.at for recurrence in (index.recurrences or ())] if index is not None else []
    if episode is not None:
        stated.append(episode.presentation_at)
    steps = [at for at in stated if at is not None and _leads_on(at)]
    if not steps:
        return "The time from there to the syndrome is not stated."
    words = " + ".join(f"{at.value:g} {UNITS[at.unit]}" for at in steps)
    years = round(sum(at.days for at in steps) / DAYS_PER_YEAR, 2)
    return (
        f"The stated intervals of the earlier course, one after the other, are {words} = {years:g} years, so "
        f"at the syndrome the patient was at least {age:g} + {years:g} = {age + years:g}."
    )


def _leads_on(at: Offset) -> bool:
    """Whether an interval leads on from the end of an earlier step of the course."""
    return (
        at.value > 0
        and at.origin in ("treatment_end", "discharge")
        and at.relation not in ("at_most", "less_than")
    )


RULE = Rule(
    id="Q31",
    version=1,
    severity="query",
    title="Age is given at onset",
    sentence="Where only an age is known, it is the age at the onset of the syndrome.",
    message="The age of {age} is that at {reference}, not at the syndrome. {bound} Send the age at "
    "the onset or the year of birth; until then the age at onset stays unknown.",
    why="Takamatsu et al. 2018 give 31 years at the diagnosis of the cancer and 63 at the first "
    "operation, 39 months and more than four years before the syndrome.",
    fields=(
        "patient.age",
        "patient.birth",
        "primary_cancer.dx_at",
        "primary_cancer.recurrences.at",
        "mps_episode.presentation_at",
    ),
    good=(
        {"patient": {"age": {"value": 34, "reference": "mps_onset"}}},
        {"patient": {"birth": "1960", "age": {"value": 31, "reference": "primary_diagnosis"}}},
        {
            "patient": {"age": {"value": 50, "reference": "primary_diagnosis"}},
            "primary_cancer": [{"dx_at": {"value": 0, "unit": "d", "origin": "presentation"}}],
        },
    ),
    bad=(
        {"patient": {"age": {"value": 31, "reference": "primary_diagnosis"}}},
        {
            "patient": {"age": {"value": 63, "reference": "initial_surgery"}},
            "primary_cancer": [
                {"recurrences": [{"at": {"value": 4, "unit": "a", "origin": "treatment_end"}}]}
            ],
        },
    ),
    check=check,
)

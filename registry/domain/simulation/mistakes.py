"""Mistakes hospitals make, each with the rule of the catalogue that must send it back.

A mistake spoils a copy of the forms of a message where it fits; where it does not, it leaves them alone.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import NamedTuple

from registry.domain.simulation.course import Course
from registry.domain.simulation.recording import Message
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.writing import Forms, Record, iso


class Occasion(NamedTuple):
    """When a mistake is made: the message, the patient, the baseline that the registry has by then."""

    message: Message
    course: Course
    baseline: Forms | None


Spoil = Callable[[Forms, Occasion], bool]
"""Changes the forms in place and says so, or finds nothing to change and says that."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A kind of mistake: its name, the rule (or check of the schema) that refuses it, and how it is made."""

    name: str
    rule: str
    spoil: Spoil


def make_mistake(
    occasion: Occasion, kinds: tuple[str, ...] | None, chance: Stream
) -> tuple[Forms, Mistake] | None:
    """The forms of the message with one mistake of these kinds (None: any); None where none fits."""
    possible = [mistake for mistake in MISTAKES if kinds is None or mistake.name in kinds]
    while possible:
        mistake = possible.pop(chance.below(len(possible)))
        forms = deepcopy(occasion.message.forms)
        if mistake.spoil(forms, occasion):
            return forms, mistake
    return None


def _put(forms: Forms, form: str, **values: object) -> bool:
    """Put values into the first record of a form, if there is one."""
    records = forms.get(form)
    if not records:
        return False
    record: Record = records[0] if isinstance(records, list) else records
    record |= values
    record["missing"] = {name: why for name, why in record.get("missing", {}).items() if name not in values}
    return True


def _onset_after_diagnosis(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "mps_episode", mps_onset=iso(when.course.diagnosis + 3))


def _born_at_enrolment(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "patient", birth=iso(when.course.enrolment))


def _cancer_of_the_other_sex(forms: Forms, when: Occasion) -> bool:
    site = forms["primary_cancer"][0]["topography"]["code"][:3] if "primary_cancer" in forms else ""
    wrong = {"C53": "male", "C54": "male", "C56": "male", "C61": "female"}.get(site)
    return wrong is not None and _put(forms, "patient", sex_at_birth=wrong)


def _dead_before_enrolment(forms: Forms, when: Occasion) -> bool:
    return when.baseline is not None and _put(forms, "death", death_date=iso(when.course.enrolment - 10))


def _thirtieth_of_february(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "follow_up", visit_date=f"{iso(when.message.day)[:4]}-02-30")


def _year_mistyped(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "follow_up", visit_date=f"21{iso(when.message.day)[2:]}")


def _pain_of_eleven(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "pain_assessment", nrs_worst=11)


def _side_as_a_letter(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "mps_episode", side="L")


def _unit_of_the_ward(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "analgesic", dose_unit="tablets")


def _centigray(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "radiotherapy", planned_dose_gy=4500.0)


def _dose_is_not_the_product(forms: Forms, when: Occasion) -> bool:
    return "radiotherapy" in forms and _put(
        forms, "radiotherapy", planned_dose_gy=forms["radiotherapy"][0]["planned_dose_gy"] + 5
    )


def _half_a_fraction(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "radiotherapy", planned_fractions=12.5)


def _ends_before_it_starts(forms: Forms, when: Occasion) -> bool:
    return when.course.treatment is not None and _put(
        forms, "radiotherapy", end=iso(when.course.treatment - 7)
    )


def _other_side(forms: Forms, when: Occasion) -> bool:
    if when.baseline is None or len(when.baseline["symptoms"]) == 2 or "pain_assessment" not in forms:
        return False
    other = "left" if forms["pain_assessment"][0]["site_side"] == "right" else "right"
    return _put(forms, "pain_assessment", site_side=other)


def _dead_by_performance_status(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "function", ecog=5)


def _changed_without_a_reason(forms: Forms, when: Occasion) -> bool:
    if when.baseline is None or when.message.reason is not None or "consent" in forms:
        return False
    forms["consent"] = [{**when.baseline["consent"][0], "language": "fr"}]
    return True


def _misspelt_field(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "pain_assessment", nrs_wurst=5)


def _null_without_a_reason(forms: Forms, when: Occasion) -> bool:
    return _put(forms, "follow_up", vital_status=None)


MISTAKES: tuple[Mistake, ...] = (
    Mistake("birth on the day of enrolment", "E01", _born_at_enrolment),
    Mistake("death before enrolment", "E02", _dead_before_enrolment),
    Mistake("onset after diagnosis", "E03", _onset_after_diagnosis),
    Mistake("end before start", "E04", _ends_before_it_starts),
    Mistake("year of the visit mistyped", "E05", _year_mistyped),
    Mistake("30 February", "E06", _thirtieth_of_february),
    Mistake("cancer of the other sex", "E07", _cancer_of_the_other_sex),
    Mistake("dose is not fractions times dose", "E08", _dose_is_not_the_product),
    Mistake("dose in centigray", "E09", _centigray),
    Mistake("half a fraction", "E10", _half_a_fraction),
    Mistake("pain score of 11", "E11", _pain_of_eleven),
    Mistake("changed without a reason", "E12", _changed_without_a_reason),
    Mistake("unit of the ward", "E13", _unit_of_the_ward),
    Mistake("side as a letter", "E14", _side_as_a_letter),
    Mistake("side without the syndrome", "E15", _other_side),
    Mistake("dead by performance status", "E17", _dead_by_performance_status),
    Mistake("misspelt field", "unknown_field", _misspelt_field),
    Mistake("null without a reason", "required", _null_without_a_reason),
)

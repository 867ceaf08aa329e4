"""Q35: height and weight are those of a person."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.patient import Patient
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None:
        return
    limits = context.limits
    for name, value, low, high, unit in (
        ("height_cm", patient.height_cm, limits.height_min_cm, limits.height_max_cm, "cm"),
        ("weight_kg", patient.weight_kg, limits.weight_min_kg, limits.weight_max_kg, "kg"),
    ):
        if value is not None and not low <= value <= high:
            what = name.split("_")[0]
            yield Hit(patient, name, {"what": what, "value": value, "unit": unit, "low": low, "high": high})


RULE = Rule(
    id="Q35",
    version=1,
    severity="query",
    title="Body size is plausible",
    sentence="Height is 50 to 230 cm and weight 2 to 300 kg.",
    message="The {what} of {value} {unit} lies outside {low} to {high} {unit}. Check the unit "
    "(inches, pounds, metres) and whether height and weight were exchanged.",
    why="Doses are judged by body size. The limits are a registry decision.",
    fields=("patient.height_cm", "patient.weight_kg"),
    good=(
        {"patient": {"height_cm": 158, "weight_kg": 48.5}},
        {"patient": {"height_cm": 128, "weight_kg": 27}},
        {"patient": {}},
    ),
    bad=({"patient": {"height_cm": 1.58}}, {"patient": {"weight_kg": 480}}),
    check=check,
)

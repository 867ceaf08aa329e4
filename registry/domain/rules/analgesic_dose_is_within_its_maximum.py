"""Q50: the daily dose of an analgesic is within its customary maximum."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from registry.domain.case import Case
from registry.domain.codes.drugs import inn
from registry.domain.forms.analgesic import Analgesic
from registry.domain.outcomes.omedd import OpioidDose
from registry.domain.outcomes.opioid_regimen import opioid_dose
from registry.domain.rules.rule import Context, Hit, Rule


class Maximum(NamedTuple):
    """The limit (a ``Limits`` field) of a drug by these routes or, without routes, by any."""

    limit: str
    routes: tuple[str, ...] = ()
    unit: str = "mg/d"


MAXIMA = {
    "acetaminophen": (Maximum("acetaminophen_max"),),
    "tramadol": (Maximum("tramadol_max"),),
    "codeine": (Maximum("codeine_max"),),
    "tapentadol": (Maximum("tapentadol_max"),),
    "pregabalin": (Maximum("pregabalin_max"),),
    "gabapentin": (Maximum("gabapentin_max"),),
    "oxycodone": (Maximum("oxycodone_oral_max", ("PO",)),),
    "fentanyl": (
        Maximum("fentanyl_patch_max_ug_h", ("TD",), "ug/h"),
        Maximum("fentanyl_iv_max", ("IV", "SC")),
    ),
    "methadone": (Maximum("methadone_max"),),
}
MG_A_DAY = {
    "mg": 1.0,
    "mg/d": 1.0,
    "g": 1000.0,
    "g/d": 1000.0,
    "ug": 0.001,
    "ug/d": 0.001,
    "mg/h": 24.0,
    "ug/h": 0.024,
}


def check(case: Case, context: Context) -> Iterator[Hit]:
    for record in case.all(Analgesic):
        maxima = _maxima(record.drug_name)
        if not maxima:
            continue
        dose = opioid_dose(record)
        for maximum in maxima:
            if maximum.routes and dose.route not in maximum.routes:
                continue
            given = _rate(dose) if maximum.unit == "ug/h" else daily_mg(dose)
            limit = getattr(context.limits, maximum.limit)
            if given is not None and given > limit + 1e-9:
                values = {
                    "drug": dose.inn,
                    "given": f"{given:g}",
                    "unit": maximum.unit,
                    "limit": f"{limit:g}",
                }
                yield Hit(record, "dose_value", values)


@lru_cache(maxsize=2048)
def _maxima(name: str) -> tuple[Maximum, ...]:
    return MAXIMA.get(inn(name) or name, ())


def daily_mg(dose: OpioidDose) -> float | None:
    """Milligrams a day of any drug, rescue doses included; None when the scheduled dose is not known."""
    factor = MG_A_DAY.get(dose.unit)
    if dose.amount_per_day is None or factor is None:
        return None
    rescue_factor = MG_A_DAY.get(dose.rescue_unit or "mg", 1.0)
    rescue = (dose.rescue_dose or 0.0) * (dose.rescue_taken_24h or 0.0) * rescue_factor
    return dose.amount_per_day * factor + rescue


def _rate(dose: OpioidDose) -> float | None:
    return dose.amount_per_day if dose.unit == "ug/h" else None


RULE = Rule(
    id="Q50",
    version=1,
    severity="query",
    title="Analgesic dose is within its maximum",
    sentence="The daily dose of an analgesic does not exceed its customary maximum.",
    message="{drug}: {given} {unit} is more than {limit} {unit}. Confirm the dose, its unit and how "
    "often it was given; `dose_value` with `frequency` is one administration, with a unit that has a "
    "time in it the whole rate.",
    why="Customary maxima: acetaminophen 4 g, tramadol 400 mg, codeine 240 mg, tapentadol 500 mg, "
    "pregabalin 600 mg, gabapentin 3600 mg, oral oxycodone 400 mg, intravenous fentanyl 10 mg and "
    "methadone 200 mg a day, transdermal fentanyl 300 ug/h. From memory, check before the "
    "statistical analysis plan is frozen.",
    fields=tuple(
        f"analgesic.{name}"
        for name in (
            "drug_name",
            "route",
            "dose_value",
            "dose_unit",
            "frequency",
            "per_day",
            "rescue_dose",
            "rescue_taken_24h",
        )
    ),
    good=(
        {"analgesic": [{"drug_name": "acetaminophen", "dose_value": 4000, "dose_unit": "mg/d"}]},
        {"analgesic": [{"drug_name": "pregabalin", "dose_value": 75, "dose_unit": "mg", "frequency": 2}]},
        {"analgesic": [{"drug_name": "tramadol", "dose_value": 500, "dose_unit": "mg"}]},
        {"analgesic": [{"drug_name": "oxycodone", "route": "IV", "dose_value": 480, "dose_unit": "mg/d"}]},
    ),
    bad=(
        {"analgesic": [{"drug_name": "acetaminophen", "dose_value": 1, "dose_unit": "g", "frequency": 6}]},
        {"analgesic": [{"drug_name": "tramadol", "dose_value": 600, "dose_unit": "mg/d"}]},
        {"analgesic": [{"drug_name": "fentanyl", "route": "TD", "dose_value": 400, "dose_unit": "ug/h"}]},
        {"analgesic": [{"drug_name": "fentanyl", "route": "IV", "dose_value": 12, "dose_unit": "mg/d"}]},
    ),
    check=check,
)

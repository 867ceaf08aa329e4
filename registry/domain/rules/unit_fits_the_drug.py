"""E13: a dose has a unit that the drug is given in."""

from collections.abc import Iterator
from functools import lru_cache

from registry.domain.case import Case
from registry.domain.codes.drugs import inn
from registry.domain.forms.analgesic import Analgesic
from registry.domain.rules.rule import Context, Hit, Rule

PATCHED = frozenset({"fentanyl", "buprenorphine"})
"""Opioids given as patches: what a patch holds in mg says what it delivers only together with the product."""

RELEASE_RATES = frozenset({"ug/h", "ug/d"})

MICROGRAM_OPIOIDS = frozenset({"fentanyl", "sufentanil"})
MOST_MILLIGRAMS = {"mg": 12.0, "mg/h": 12.0, "mg/d": 25.0}
"""From here on a number of these opioids in mg is one in ug: 12 ug/h is the weakest patch, and 25 mg a day by
vein is 2.5 times the largest dose the registry asks about (registry decision)."""
MOST_MILLIGRAMS_IN_A_PATCH = 100.0

MILLIGRAM_OPIOIDS = frozenset(
    {
        "morphine",
        "oxycodone",
        "hydromorphone",
        "codeine",
        "dihydrocodeine",
        "tramadol",
        "tapentadol",
        "methadone",
    }
)
SWALLOWED = frozenset({"PO", "PR"})
MICROGRAMS = frozenset({"ug", "ug/d", "ug/h"})


def check(case: Case, context: Context) -> Iterator[Hit]:
    for record in case.all(Analgesic):
        name = _inn(record.drug_name)
        if name is None:
            continue
        scheduled = _problem(record, name, record.dose_value, record.dose_unit)
        if scheduled:
            values = {"drug": name, "dose": record.dose_value, "unit": record.dose_unit, "problem": scheduled}
            yield Hit(record, "dose_unit", values)
        rescue = _mismatch(
            name, None if record.route == "TD" else record.route, record.rescue_dose, record.rescue_unit
        )
        if rescue:
            values = {"drug": name, "dose": record.rescue_dose, "unit": record.rescue_unit, "problem": rescue}
            yield Hit(record, "rescue_unit", values)


@lru_cache(maxsize=1024)
def _inn(name: str) -> str | None:
    return inn(name)


def _problem(record: Analgesic, name: str, dose: float | None, unit: str | None) -> str:
    patch = record.route == "TD" and name in PATCHED
    if patch and unit is not None and unit not in RELEASE_RATES and record.product is None:
        return "a patch is given in ug/h, or in mg together with the product"
    return _mismatch(name, record.route, dose, unit)


def _mismatch(name: str, route: str | None, dose: float | None, unit: str | None) -> str:
    if dose is None or unit is None:
        return ""
    if name in MICROGRAM_OPIOIDS and unit in MOST_MILLIGRAMS:
        most = MOST_MILLIGRAMS_IN_A_PATCH if route == "TD" else MOST_MILLIGRAMS[unit]
        return f"this would be {dose * 1000:g} micrograms" if dose >= most else ""
    if name in MILLIGRAM_OPIOIDS and route in SWALLOWED and unit in MICROGRAMS and dose > 0:
        return "this opioid is swallowed in milligrams"
    return ""


RULE = Rule(
    id="E13",
    version=1,
    severity="reject",
    title="Units fit the drug",
    sentence="A dose has one of the units its field allows; a patch of fentanyl or buprenorphine is given "
    "in ug/h unless the product is named, and micrograms and milligrams of an opioid are not exchanged.",
    message="{dose} {unit} of {drug} cannot be right: {problem}. Correct the number or the unit, or name "
    "the `product` of a patch.",
    why="A mistaken unit changes the opioid dose a thousandfold, and patches labelled in mg deliver "
    "different doses a day (product labels; CDC 2022 counts ug/h). The bounds are registry decisions.",
    fields=(
        "analgesic.drug_name",
        "analgesic.route",
        "analgesic.product",
        "analgesic.dose_value",
        "analgesic.dose_unit",
        "analgesic.rescue_dose",
        "analgesic.rescue_unit",
        "intervention.dose_unit",
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "fentanyl",
                    "route": "TD",
                    "form": "patch_72h",
                    "dose_value": 25,
                    "dose_unit": "ug/h",
                },
                {
                    "drug_name": "fentanyl",
                    "route": "TD",
                    "form": "patch_24h",
                    "product": "Fentos",
                    "dose_value": 2,
                    "dose_unit": "mg",
                },
                {"drug_name": "fentanyl", "route": "IV", "dose_value": 1.2, "dose_unit": "mg/d"},
                {"drug_name": "morphine", "route": "intrathecal", "dose_value": 500, "dose_unit": "ug/d"},
                {"drug_name": "oxycodone", "route": "PO", "dose_value": 20, "dose_unit": "mg/d"},
            ]
        },
        {"analgesic": [{"drug_name": "fentanyl", "route": "TD", "dose_value": 25}]},
    ),
    bad=(
        {"analgesic": [{"drug_name": "fentanyl", "route": "TD", "dose_value": 2, "dose_unit": "mg/d"}]},
        {"analgesic": [{"drug_name": "fentanyl", "route": "IV", "dose_value": 50, "dose_unit": "mg/h"}]},
        {"analgesic": [{"drug_name": "oxycodone", "route": "PO", "dose_value": 20, "dose_unit": "ug"}]},
        {
            "analgesic": [
                {"drug_name": "fentanyl", "route": "buccal", "rescue_dose": 200, "rescue_unit": "mg"}
            ]
        },
        {"analgesic": [{"drug_name": "oxycodone", "route": "PO", "dose_value": 20, "dose_unit": "mcg"}]},
    ),
    check=check,
)

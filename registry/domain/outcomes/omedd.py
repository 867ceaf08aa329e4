"""Oral morphine equivalent daily dose: plain arithmetic on the opioids of one day.

    OMEDD = sum over opioids of (24-hour dose in the unit of the table x factor), rescue doses taken included,
    in mg/d

What cannot be computed honestly is flagged and leaves the day incomplete: methadone (its ratio rises with the
dose), opioids given beside the spinal cord, buprenorphine together with another opioid (it competes with it),
a rescue dose without the number taken, an opioid the table has no factor for. Steroids and gabapentinoids are
no part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import NamedTuple

from registry.domain.outcomes.opioid_tables import Factor, OpioidTable, patch_rate

NEURAXIAL_ROUTES = frozenset({"epidural", "intrathecal"})

# Flags that something is missing: the day is incomplete, the known part is a lower bound.
DOSE_UNKNOWN = "dose_unknown"
RESCUE_COUNT_UNKNOWN = "rescue_count_unknown"
RESCUE_DOSE_UNKNOWN = "rescue_dose_unknown"
NO_FACTOR = "no_factor"
PATCH_PRODUCT_UNKNOWN = "patch_product_unknown"
UNIT_UNUSABLE = "unit_unusable"
MISSING = frozenset(
    {DOSE_UNKNOWN, RESCUE_COUNT_UNKNOWN, RESCUE_DOSE_UNKNOWN, NO_FACTOR, PATCH_PRODUCT_UNKNOWN, UNIT_UNUSABLE}
)
# Flags that a conversion exists on paper and is not trusted.
METHADONE = "methadone"
NEURAXIAL = "neuraxial"
BUPRENORPHINE_MIXED = "buprenorphine_mixed"

_MG_A_DAY = {"mg": 1.0, "ug": 0.001, "g": 1000.0, "mg/h": 24.0, "ug/h": 0.024}
_PATCHES_A_DAY = {"patch_72h": 1 / 3}


class OpioidDose(NamedTuple):
    """One opioid by one route as taken over 24 hours.

    inn             lower-case name (``oxycodone``)
    amount_per_day  scheduled dose in ``unit``; 0 when it is taken as rescue only, None when unknown
    unit            ``mg``, ``ug``, ``g`` (or with ``/d``) a day; ``ug/h`` or ``mg/h`` as a rate; for patches
                    the strength worn: ``ug/h``, or the labelled ``mg`` with the ``product``
    form            dosage form, which tells a three-day patch from a one-day patch (``patch_72h``)
    rescue_dose     one rescue dose in ``rescue_unit`` (``mg``, ``ug``; by default the mass of ``unit``)
    rescue_taken_24h  rescue doses actually taken; None with a rescue dose leaves the day incomplete
    """

    inn: str
    route: str
    amount_per_day: float | None
    unit: str
    form: str | None = None
    product: str | None = None
    rescue_dose: float | None = None
    rescue_taken_24h: float | None = None
    rescue_unit: str | None = None

    @property
    def rescue_prescribed(self) -> bool:
        return self.rescue_dose is not None or self.rescue_taken_24h is not None

    @property
    def nothing_taken(self) -> bool:
        return self.amount_per_day == 0 and (not self.rescue_prescribed or self.rescue_taken_24h == 0)


@dataclass(frozen=True, slots=True)
class Component:
    """What one opioid contributes.

    mg             oral morphine in mg/d with the rescue taken; None when not computable, a lower bound
                   when a flag says that something is missing
    per_rescue_mg  oral morphine in mg of one rescue dose, to reason about an unknown count
    factor         the factor used, with the table that prints it
    """

    dose: OpioidDose
    mg: float | None
    per_rescue_mg: float | None = None
    factor: Factor | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpioidDay:
    """The opioids of one day, converted with one table.

    table     id of the table or composed set
    known_mg  sum in mg/d of what could be computed: the total of a complete day, else a lower bound
    flags     everything that was flagged, sorted
    """

    table: str
    known_mg: float
    flags: tuple[str, ...]
    components: tuple[Component, ...]

    @property
    def complete(self) -> bool:
        return not self.flags

    @property
    def total_mg(self) -> float | None:
        """The OMEDD in mg/d; None when it is incomplete, so that nobody compares it by mistake."""
        return self.known_mg if self.complete else None

    @property
    def reason(self) -> str | None:
        """Why there is no total, in the words of the evaluability list; None when there is one."""
        if MISSING.intersection(self.flags):
            return "missing_omedd"
        return "methadone_or_neuraxial_flag" if self.flags else None


def omedd(doses: Sequence[OpioidDose], table: OpioidTable) -> OpioidDay:
    """The oral morphine equivalent of one day; no doses stand for a day known to be without opioids."""
    taken = [dose for dose in doses if not dose.nothing_taken]
    drugs = {dose.inn for dose in taken}
    mixed = len(drugs) > 1 and "buprenorphine" in drugs
    components = tuple(
        _flagged(_component(dose, table), mixed and dose.inn == "buprenorphine")
        if dose in taken
        else Component(dose, 0.0)
        for dose in doses
    )
    known = fsum(part.mg for part in components if part.mg is not None and _adds(part))
    flags = sorted({flag for part in components for flag in part.flags})
    return OpioidDay(table.id, known, tuple(flags), components)


def _component(dose: OpioidDose, table: OpioidTable) -> Component:
    if dose.route in NEURAXIAL_ROUTES:
        return Component(dose, None, flags=(NEURAXIAL,))
    factor = table.factor(dose.inn, dose.route)
    flags = [METHADONE] if dose.inn == "methadone" else []
    if factor is None:
        return Component(dose, None, flags=tuple(flags or [NO_FACTOR]))
    scheduled, problem = _in_unit_of(factor, dose)
    rescue = _rescue_in_unit_of(factor, dose)
    taken = 0.0
    if dose.rescue_prescribed:
        if dose.rescue_taken_24h is None:
            flags.append(RESCUE_COUNT_UNKNOWN)
        elif dose.rescue_taken_24h and dose.rescue_dose is None:
            flags.append(RESCUE_DOSE_UNKNOWN)
        elif dose.rescue_taken_24h and rescue is None:
            flags.append(UNIT_UNUSABLE)
        else:
            taken = (rescue or 0.0) * dose.rescue_taken_24h
    if problem:
        flags.append(problem)
    return Component(
        dose,
        None if scheduled is None else factor.equivalent(scheduled + taken),
        None if rescue is None or not factor.linear else factor.equivalent(rescue),
        factor,
        tuple(flags),
    )


def _in_unit_of(factor: Factor, dose: OpioidDose) -> tuple[float | None, str | None]:
    """The scheduled dose in the unit of the factor, or None and the flag that says why not."""
    amount, unit = dose.amount_per_day, dose.unit.removesuffix("/d")
    if amount is None:
        return None, DOSE_UNKNOWN
    if dose.route != "TD":
        mg = _MG_A_DAY.get(unit)
        return (None, UNIT_UNUSABLE) if mg is None else (amount * mg / _MG_A_DAY[factor.unit], None)
    if unit != "ug/h":  # content in mg says nothing about what a patch delivers: the product decides
        rate = patch_rate(dose.product, amount) if dose.product and dose.unit == "mg" else None
        if rate is None or rate[0] != dose.inn:
            return None, PATCH_PRODUCT_UNKNOWN
        amount = rate[1]
    if factor.unit == "ug/h":
        return amount, None
    if dose.form is None:
        return None, PATCH_PRODUCT_UNKNOWN
    return (amount * _PATCHES_A_DAY[dose.form], None) if dose.form == factor.unit else (None, NO_FACTOR)


def _rescue_in_unit_of(factor: Factor, dose: OpioidDose) -> float | None:
    """One rescue dose in the unit of the factor; None where there is none or a patch would be its unit."""
    unit = dose.rescue_unit or dose.unit.removesuffix("/d").removesuffix("/h")
    if dose.rescue_dose is None or unit not in ("mg", "ug", "g") or factor.unit not in ("mg", "ug"):
        return None
    return dose.rescue_dose * _MG_A_DAY[unit] / _MG_A_DAY[factor.unit]


def _flagged(component: Component, mixed: bool) -> Component:
    return replace(component, flags=(*component.flags, BUPRENORPHINE_MIXED)) if mixed else component


def _adds(component: Component) -> bool:
    return component.factor is None or component.factor.linear

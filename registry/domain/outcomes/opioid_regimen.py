"""Which opioids a patient took on a day: the analgesic records in force, rescue doses included.

Registry decisions, each with a flag where it was used:

* a record holds from its first to its last day; a partial date enters as day 15 or 1 July
  (``opioid_dates_imputed``), an unknown start counts as before the first day looked at
  (``opioid_start_unknown``)
* on the day of a change the new dose counts: a record that ends on the day on which the same drug by the
  same route, or after a rotation any opioid, begins gives way to it (``opioid_changed_that_day``)
* an open record gives way when the same drug by the same route and form begins again
  (``opioid_assumed_replaced``)
* no analgesic record at all is no knowledge, not an opioid dose of zero; a patient without any analgesic has
  a record of the drug ``none``
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from registry.domain.case import Case
from registry.domain.codes.drugs import Drug, drug
from registry.domain.forms.analgesic import Analgesic
from registry.domain.kept import kept
from registry.domain.outcomes.moment import Moment, moment
from registry.domain.outcomes.omedd import OpioidDay, OpioidDose, omedd
from registry.domain.outcomes.opioid_tables import opioid_table, table_ids

ADJUVANTS = frozenset({"steroid", "gabapentinoid", "ketamine"})
"""Drugs outside the opioid dose that change pain: recorded separately, and a confounder when they change."""

NO_ANALGESIC_RECORD = "no_analgesic_record"


@dataclass(frozen=True, slots=True)
class Taken:
    """An opioid record on the time axis of the case, its dose, and what it was taken to give way to."""

    record: Analgesic
    start: Moment | None
    end: Moment | None
    dose: OpioidDose
    replaced: Analgesic | None = None

    def active(self, day: int) -> bool:
        """Whether it is in force on a day, imputed dates taken as they are."""
        return (self.start is None or self.start.day <= day) and (self.end is None or day <= self.end.day)

    def vague(self, day: int) -> bool:
        """Whether a partial date leaves open if it is in force on a day."""
        return (self.start is not None and self.start.lo <= day < self.start.hi) or (
            self.end is not None and self.end.lo <= day < self.end.hi
        )


@dataclass(frozen=True, slots=True)
class Regimen:
    """The opioids of one day; no doses when analgesics are recorded and no opioid is among those in force.

    ``records`` are those that show it: of the doses, those that gave way or may have been in force, or,
    where no opioid was, one that shows that analgesics are recorded.
    """

    doses: tuple[OpioidDose, ...]
    records: tuple[Analgesic, ...]
    flags: tuple[str, ...] = ()
    known: bool = True
    _by_table: dict[str, OpioidDay] = field(default_factory=dict, compare=False, repr=False)

    def by(self, table_id: str) -> OpioidDay:
        """The oral morphine equivalent by one table. Raises LookupError for a table there is not."""
        if not self._by_table:
            self._by_table.update(_converted(self.doses))
        return self._by_table.get(table_id) or omedd(self.doses, opioid_table(table_id))

    def mg_by_table(self) -> dict[str, float | None]:
        """The oral morphine equivalent in mg/d by every table; None where it cannot be computed."""
        return _totals(self.doses) if self.known else dict.fromkeys(table_ids())

    def mg(self, table_id: str) -> float | None:
        """The oral morphine equivalent in mg/d; None when it cannot be computed."""
        return self.by(table_id).total_mg if self.known else None

    def reason(self, table_id: str) -> str | None:
        """Why there is no dose: ``missing_omedd`` or ``methadone_or_neuraxial_flag``."""
        return self.by(table_id).reason if self.known else "missing_omedd"


UNRECORDED = Regimen((), (), (NO_ANALGESIC_RECORD,), known=False)


# Patients share regimens, and a patient keeps one for weeks: each is converted once, by all tables.
@lru_cache(maxsize=8192)
def _converted(doses: tuple[OpioidDose, ...]) -> dict[str, OpioidDay]:
    return {table_id: omedd(doses, opioid_table(table_id)) for table_id in table_ids()}


@lru_cache(maxsize=8192)
def _totals(doses: tuple[OpioidDose, ...]) -> dict[str, float | None]:
    return {table_id: day.total_mg for table_id, day in _converted(doses).items()}


@dataclass(frozen=True, slots=True)
class Opioids:
    """The opioid records of a case, and the first of its analgesic records, if there is any."""

    taken: tuple[Taken, ...]
    proof: Analgesic | None
    _days: dict[int, Regimen] = field(default_factory=dict, compare=False, repr=False)

    def on(self, day: int) -> Regimen:
        """The opioids of the 24 hours of a day (ordinal)."""
        if day not in self._days:
            self._days[day] = self._on(day)
        return self._days[day]

    def _on(self, day: int) -> Regimen:
        if self.proof is None:
            return UNRECORDED
        active = [one for one in self.taken if one.active(day)]
        kept = [one for one in active if not _gives_way(one, active, day)]
        flags = set()
        if len(kept) < len(active):
            flags.add("opioid_changed_that_day")
        if any(one.start is None for one in kept):
            flags.add("opioid_start_unknown")
        shown = [one.record for one in active]
        for one in self.taken:
            if one.vague(day):
                flags.add("opioid_dates_imputed")
                shown.append(one.record)
            if one.replaced is not None:
                shown += [one.record, one.replaced] if one.start is not None and one.start.day <= day else []
                if one.end is not None and one.end.day < day:
                    flags.add("opioid_assumed_replaced")
        records = tuple({id(record): record for record in shown}.values()) or (self.proof,)
        return Regimen(tuple(one.dose for one in kept), records, tuple(sorted(flags)))


@kept
def opioids(case: Case) -> Opioids:
    """The opioid records of a case, open ones closed where they were replaced."""
    records = case.all(Analgesic)
    found = [
        Taken(record, moment(record.start), moment(record.end), opioid_dose(record))
        for record in records
        if is_opioid(record)
    ]
    return Opioids(tuple(_closed(one, found) for one in found), records[0] if records else None)


def is_opioid(record: Analgesic) -> bool:
    """Whether a record is of an opioid, by its class or, where that is not given, by its name."""
    if record.drug_class is not None:
        return record.drug_class == "opioid"
    known = _drug(record.drug_name)
    return known is not None and known.drug_class == "opioid"


def opioid_dose(record: Analgesic) -> OpioidDose:
    """The dose of a record over 24 hours, in the terms of the conversion."""
    known = _drug(record.drug_name)
    unit = record.dose_unit or "mg"
    amount = record.dose_value
    if record.route != "TD" and "/" not in unit:  # one administration: a patch instead is worn all day
        if record.per_day is not None:
            amount = record.per_day
        elif amount is not None:
            amount = amount * record.frequency if record.frequency is not None else None
    if (
        amount is None
        and record.rescue_dose is not None
        and record.why_null("dose_value") == "not_applicable"
    ):
        amount = 0.0  # taken on demand only
    return OpioidDose(
        inn=known.name if known else record.drug_name,
        route=record.route or "",
        amount_per_day=amount,
        unit=unit,
        form=record.form,
        product=record.product,
        rescue_dose=record.rescue_dose,
        rescue_taken_24h=record.rescue_taken_24h,
        rescue_unit=record.rescue_unit,
    )


def _gives_way(one: Taken, active: list[Taken], day: int) -> bool:
    if one.end is None or one.end.day != day or (one.start is not None and one.start.day == day):
        return False
    return any(
        other is not one
        and other.start is not None
        and other.start.day == day
        and (one.record.stop_reason == "rotation" or _same_drug(one, other))
        for other in active
    )


def _closed(one: Taken, all_of_them: list[Taken]) -> Taken:
    """An open record ends the day before the same drug by the same route and form begins again."""
    if one.end is not None or one.start is None:
        return one
    later = [
        (other.start, other.record)
        for other in all_of_them
        if other.start is not None
        and other.start.day > one.start.day
        and _same_drug(one, other)
        and one.dose.form == other.dose.form
    ]
    if not later:
        return one
    first, record = min(later, key=lambda found: (found[0].day, found[1].key))
    return replace(one, end=Moment(first.day - 1, first.lo - 1, first.hi - 1), replaced=record)


def _same_drug(one: Taken, other: Taken) -> bool:
    return (one.dose.inn, one.dose.route) == (other.dose.inn, other.dose.route)


@lru_cache(maxsize=2048)
def _drug(name: str) -> Drug | None:
    return drug(name)

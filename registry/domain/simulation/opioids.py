"""The opioid of a simulated patient: one drug, stepped up and down a ladder of doses.

The drug is never changed, so that a higher step is a higher dose by every conversion table.
"""

from typing import Any, NamedTuple

from registry.domain.simulation.stream import Stream
from registry.domain.simulation.writing import Record, iso, leave_out


class Ladder(NamedTuple):
    """An opioid and the usual steps of its dose. Steps are in ``unit`` a day, patches in ``unit``."""

    name: str
    atc: str
    route: str
    form: str
    unit: str
    per_day: int | None
    steps: tuple[float, ...]
    rescue: float | None
    """One rescue dose in mg; None where another drug would be taken."""


# Each step is at least a quarter above the one before.
LADDERS = (
    Ladder("oxycodone", "N02AA05", "PO", "ER", "mg", 2, (10, 20, 40, 60, 80, 120, 160), 5),
    Ladder("morphine", "N02AA01", "PO", "ER", "mg", 2, (20, 40, 60, 90, 120, 180), 10),
    Ladder("hydromorphone", "N02AA03", "PO", "ER", "mg", 1, (2, 4, 6, 12, 18, 24), 1),
    Ladder("tapentadol", "N02AX06", "PO", "ER", "mg", 2, (50, 100, 150, 200, 300, 400), None),
    Ladder("tramadol", "N02AX02", "PO", "ER", "mg", 2, (100, 200, 300, 400), None),
    Ladder("fentanyl", "N02AB03", "TD", "patch_72h", "ug/h", None, (12, 25, 50, 75, 100, 150), None),
)


class Opioid:
    """The current step of one patient, and the record of it. Step -1 is no opioid."""

    def __init__(self, chance: Stream, missing: float) -> None:
        self.ladder = chance.one_of(LADDERS)
        self.baseline = -1 if chance.chance(0.1) else chance.below(4)
        self.step = -1
        self.record: Record | None = None
        self._rescues = chance.below(5)
        self._missing = missing

    def begin(self, day: int, chance: Stream) -> list[Record]:
        """The records of baseline: none, or the opioid taken since ``day``."""
        return self._move(self.baseline, day, "", chance)

    def up(self, day: int, chance: Stream) -> list[Record]:
        """The next step from ``day`` on; nothing where the ladder ends."""
        return self._move(min(self.step + 1, len(self.ladder.steps) - 1), day, "efficacy", chance)

    def down(self, day: int, chance: Stream) -> list[Record]:
        """One step less from ``day`` on, down to the lowest."""
        return self._move(max(self.step - 1, min(self.step, 0)), day, "no_longer_needed", chance)

    def at_least_baseline(self, day: int, chance: Stream) -> list[Record]:
        """Back to the dose of baseline, if it is below."""
        return self._move(max(self.step, self.baseline), day, "efficacy", chance)

    def _move(self, step: int, day: int, why: str, chance: Stream) -> list[Record]:
        """The records that the move changes: the dose that ends the day before, and the dose that begins."""
        if step == self.step:
            return []
        ended = [] if self.record is None else [{**self.record, "end": iso(day - 1), "stop_reason": why}]
        self.step = step
        self.record = self._dose(day, chance)
        return [*ended, self.record]

    def _dose(self, day: int, chance: Stream) -> Record:
        drug = self.ladder
        dose = drug.steps[self.step]
        record: dict[str, Any] = {
            "drug_name": drug.name,
            "drug": {"system": "ATC", "code": drug.atc},
            "drug_class": "opioid",
            "route": drug.route,
            "form": drug.form,
            "start": iso(day),
            "dose_value": dose if drug.per_day is None else dose / drug.per_day,
            "dose_unit": drug.unit,
        }
        if drug.per_day is not None:
            record["frequency"] = drug.per_day
        if drug.rescue is not None:
            record |= {"rescue_dose": drug.rescue, "rescue_unit": "mg"}
            # Never more below the dose of baseline, never less above it: the whole dose follows the step.
            taken = min(self._rescues, 1) if self.step < self.baseline else self._rescues
            record["rescue_taken_24h"] = taken
            leave_out(record, ("rescue_taken_24h",), self._missing, chance)
        return record

"""How messages reach the registry: with a time, some late, some twice, some with a mistake first."""

from datetime import date
from typing import Any, Literal, NamedTuple

from registry.domain.simulation.course import Course
from registry.domain.simulation.mistakes import Occasion, make_mistake
from registry.domain.simulation.recording import Message
from registry.domain.simulation.site import Site
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.truth import Truth
from registry.domain.simulation.writing import Forms, iso


class SimulatedSubmission(NamedTuple):
    """A submission of a simulated patient, and what the registry must say to it.

    site      the simulated hospital (``SIM01``)
    envelope  the submission as plain JSON; submissions share parts of it, so it must not be changed
    expected  the verdict, if those of the patient are judged in their order
    why       id of the rule that must be among the findings of a rejected one; empty for an accepted one
    kind      what it is: ``baseline``, ``treatment``, ``visit``, ``correction``, ``death``, ``loss``,
              ``withdrawal``; ``late``, ``again``, or the name of the mistake
    sent      day on which it is sent; never falls within a patient, so that a stable sort by it plays a whole
              cohort in the order of the calendar
    """

    site: str
    envelope: dict[str, Any]
    expected: Literal["accepted", "rejected"]
    why: str
    kind: str
    sent: date


class Post:
    """What one patient's site sends."""

    def __init__(self, case: str, site: Site, truth: Truth, last_day: int, chance: Stream) -> None:
        self.case, self.site, self.truth, self.chance = case, site, truth, chance
        self.last_day = last_day
        self._clock = (0, 0)
        self._sent: list[tuple[int, SimulatedSubmission]] = []

    def send(self, messages: list[Message], course: Course) -> list[SimulatedSubmission]:
        """The submissions in the order in which they are sent."""
        truth, chance = self.truth, self.chance
        baseline: Forms | None = None
        for message in messages:
            day, kind = message.day, str(message.kind)
            spoilt = None
            if chance.random() < truth.invalid:
                spoilt = make_mistake(Occasion(message, course, baseline), truth.mistakes, chance)
            if spoilt is not None:
                forms, mistake = spoilt
                self._post(day, self._envelope(message._replace(forms=forms)), mistake.name, mistake.rule)
            elif message.kind == "visit" and chance.random() < truth.late:
                later = day + 20 + chance.below(40)
                if later <= self.last_day:
                    day, kind = later, "late"
            envelope = self._envelope(message)
            self._post(day, envelope, kind)
            if chance.random() < truth.sent_twice:
                self._post(min(day + chance.below(14), self.last_day), envelope, "again")
            if message.kind == "baseline":
                baseline = message.forms
        self._sent.sort(key=_day)
        return [submission for _, submission in self._sent]

    def _envelope(self, message: Message) -> dict[str, Any]:
        return {
            "case": self.case,
            "recorded_at": self._time(message.day),
            "reason": message.reason,
            "forms": message.forms,
        }

    def _time(self, day: int) -> str:
        """A time of this day, later than the one before: the later version of a record is current."""
        before, minute = self._clock
        minute = minute + 1 + self.chance.below(4) if day == before else 540 + self.chance.below(240)
        self._clock = day, minute
        return f"{iso(day)}T{minute // 60:02}:{minute % 60:02}:00{self.site.zone}"

    def _post(self, day: int, envelope: dict[str, Any], kind: str, why: str = "") -> None:
        verdict: Literal["accepted", "rejected"] = "rejected" if why else "accepted"
        sent = date.fromordinal(day)
        self._sent.append((day, SimulatedSubmission(self.site.code, envelope, verdict, why, kind, sent)))


def _day(sent: tuple[int, SimulatedSubmission]) -> int:
    return sent[0]

"""What a site records of a patient: its messages in the order in which they are written.

Whatever would be written after the last day of the simulation is not there yet.
"""

from typing import Literal, NamedTuple

from registry.domain.simulation.baseline import baseline
from registry.domain.simulation.course import Course
from registry.domain.simulation.ending import death, loss, withdrawal
from registry.domain.simulation.opioids import Opioid
from registry.domain.simulation.person import Person
from registry.domain.simulation.radiotherapy import give_radiotherapy
from registry.domain.simulation.site import Site
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.systemic import finished, first_cycle
from registry.domain.simulation.truth import Truth
from registry.domain.simulation.visits import Visit, visits, write_visit
from registry.domain.simulation.writing import Forms, Record, iso

Kind = Literal["baseline", "treatment", "visit", "correction", "death", "loss", "withdrawal"]


class Message(NamedTuple):
    """One message: day of writing, what it is about, its forms, and why they change what was sent."""

    day: int
    kind: Kind
    forms: Forms
    reason: str | None = None


class Notebook:
    """The messages of one patient, as they are written."""

    def __init__(
        self, person: Person, course: Course, site: Site, truth: Truth, last_day: int, chance: Stream
    ) -> None:
        self.person, self.course, self.site, self.truth = person, course, site, truth
        self.last_day, self.chance = last_day, chance
        self.missing = min(0.9, truth.missing * site.missing_ratio)
        self.messages: list[Message] = []

    def write(self) -> list[Message]:
        """All messages, in order of the day on which they are written."""
        opioid = Opioid(self.chance, self.missing)
        forms = self._baseline(opioid)
        self._treatment()
        last_seen = self._visits(opioid)
        match self.course.ending:
            case "death":
                visited = max((m.day for m in self.messages if m.kind == "visit"), default=0)
                day = max(visited, self.course.exit + 1 + self._delay())  # a death closes the file
                self._add(day, "death", death(self.course, self.truth, self.missing, self.chance))
            case "lost":
                found_out = self.course.exit + 28 + self.chance.below(28)
                self._add(found_out, "loss", loss(found_out, last_seen))
            case "withdrawn":
                forms = withdrawal(forms["consent"][0], self.course)
                self._add(self.course.exit, "withdrawal", forms, "consent withdrawn")
            case "end":
                pass
        self.messages.sort(key=_day)
        return self.messages

    def _baseline(self, opioid: Opioid) -> Forms:
        chance, course = self.chance, self.course
        taken = opioid.begin(course.enrolment - 2 - chance.below(20), chance)
        forms = baseline(self.person, course, self.site, self.missing, taken, chance)
        self._add(min(course.enrolment + self._delay(), self.last_day), "baseline", forms)
        if self.person.onset_partial and chance.chance(self.truth.clarified):
            clear = {**forms["mps_episode"][0], "mps_onset": iso(course.onset)}
            day = course.enrolment + 20 + chance.below(40)
            self._add(
                day, "correction", {"mps_episode": [clear]}, "day of onset taken from the referral letter"
            )
        return forms

    def _treatment(self) -> None:
        start, chance, course = self.course.treatment, self.chance, self.course
        if start is None:
            return
        if course.arm.radiotherapy:
            given = give_radiotherapy(self.person, course, start, chance)
            self._add(given.end + self._delay(), "treatment", {"radiotherapy": [given.record]})
            start = given.end + 10 + chance.below(14)
        if course.arm.systemic and start < course.exit:
            begun = first_cycle(self.person, start, index_treatment=not course.arm.radiotherapy)
            first = start + self._delay()
            self._add(first, "treatment", {"systemic_therapy": [begun]})
            last, done = finished(begun, start, course, chance)
            day = max(first, last + self._delay())
            self._add(day, "treatment", {"systemic_therapy": [done]}, "therapy finished")

    def _visits(self, opioid: Opioid) -> int:
        """Write the visits; the day of the last one, or of enrolment."""
        written = seen = self.course.enrolment
        for visit in visits(self.course, self.truth, self.chance):
            # In the order of the visits: a dose that ends at one of them has begun at an earlier one.
            written = max(written, visit.day + self._delay())
            seen = visit.day
            if written > self.last_day:
                break
            self._visit(visit, written, opioid)
        return seen

    def _visit(self, visit: Visit, written: int, opioid: Opioid) -> None:
        chance, truth = self.chance, self.truth
        forms = write_visit(visit, self.person, self.course, opioid, self.missing, chance)
        changed = any("end" in record for record in forms.get("analgesic", ()))
        later = written + 10 + chance.below(40)
        correction: Forms = {}
        if later <= self.last_day:
            if chance.random() < truth.corrected:
                right = forms["pain_assessment"][0]
                if right["nrs_worst"] is not None:
                    forms["pain_assessment"][0] = {**right, "nrs_worst": (right["nrs_worst"] + 3) % 11}
                    correction["pain_assessment"] = [right]
            if chance.random() < truth.wrong_patient:
                forms["toxicity"] = [*forms.get("toxicity", ()), _of_another(visit.day)]
                correction["toxicity"] = [
                    {**_of_another(visit.day), "retracted": "entered for another patient"}
                ]
        self._add(written, "visit", forms, "opioid dose changed" if changed else None)
        if correction:
            self._add(later, "correction", correction, "checked against the source documents")

    def _add(self, day: int, kind: Kind, forms: Forms, reason: str | None = None) -> None:
        if self.messages:
            day = max(day, self.messages[0].day)  # nothing before the baseline
        if self.course.ending == "withdrawn":
            day = min(day, self.course.exit)  # nothing about a patient who has withdrawn
        if day <= self.last_day:
            self.messages.append(Message(day, kind, forms, reason))

    def _delay(self) -> int:
        """Days until something is written down."""
        return int(self.chance.wait(self.site.reporting_days))


def _of_another(day: int) -> Record:
    return {
        "term": "vomiting",
        "grade": 2,
        "onset": iso(day),
        "attribution": [{"cause": "opioid", "relation": "possible"}],
        "serious": False,
    }


def _day(message: Message) -> int:
    return message.day

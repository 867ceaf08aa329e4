"""Who the simulated patient is: birth, sex, primary, side, pain at baseline and its answer to treatment."""

from typing import Literal, NamedTuple

from registry.domain.simulation.course import Course
from registry.domain.simulation.primaries import Primary, draw_primary
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.truth import Truth

Side = Literal["left", "right"]


class Person(NamedTuple):
    """What stays with a patient through the course.

    birth_year     year of birth
    sides          the sides of the syndrome
    pain           worst pain at baseline, 0 to 10, of each side
    relief         points by which treatment eases it once there is a response; 10 takes it away
    onset_partial  the site first knows only the month of onset
    ecog           performance status at baseline
    """

    birth_year: int
    sex: str
    primary: Primary
    sides: tuple[Side, ...]
    pain: tuple[int, ...]
    relief: int
    onset_partial: bool
    ecog: int

    @property
    def side(self) -> str:
        """The side of the syndrome as one word."""
        return self.sides[0] if len(self.sides) == 1 else "bilateral"

    def worst_pain(self, which: int, day: int, course: Course, chance: Stream) -> int:
        """Worst pain of a side on a day, 0 to 10.

        Under response it is at least 2 points below baseline; otherwise within 1 point of it, which is no
        response (Chow 2012: 2 points at the treated site without more analgesics).
        """
        before = self.pain[which]
        if course.responding(day):
            return max(0 if self.relief == 10 else 1, before - self.relief - chance.below(2))
        return min(10, before - 1 + chance.below(3))


_PAIN = (4, 5, 6, 6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 10)
_ECOG = (1, 1, 1, 2, 2, 2, 2, 3, 3)


def draw_person(chance: Stream, truth: Truth, onset_year: int) -> Person:
    """A person with the syndrome; bilateral in one of twelve."""
    primary = draw_primary(chance)
    sides: tuple[Side, ...] = (
        ("left", "right") if chance.chance(1 / 12) else (chance.one_of(("left", "right")),)
    )
    age = 28 + int(sum(chance.random() for _ in range(3)) * 23)  # 28 to 96, most about 62
    return Person(
        birth_year=onset_year - age,
        sex=primary.sex or chance.one_of(("female", "male")),
        primary=primary,
        sides=sides,
        pain=tuple(chance.one_of(_PAIN) for _ in sides),
        relief=10 if chance.chance(truth.complete_share) else 2 + chance.below(3),
        onset_partial=chance.chance(truth.partial_onset),
        ecog=chance.one_of(_ECOG),
    )

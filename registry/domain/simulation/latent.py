"""The cohort without its records: what an estimator would be given if nothing were missing or late."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from registry.domain.simulation.course import Course, draw_course
from registry.domain.simulation.site import Site, Sites, draw_sites
from registry.domain.simulation.stream import Stream, stream
from registry.domain.simulation.truth import DEFAULT, Truth


class LatentPatient(NamedTuple):
    """A patient as a row for analysis: whole days since onset.

    entry      day of enrolment; at risk from the day after
    exit       last day under observation
    event      1 dead, 0 censored
    response   day of response; None when there was none under observation
    treatment  first day of treatment; None when there was none
    """

    entry: int
    exit: int
    event: int
    response: int | None
    treatment: int | None
    arm: str
    site: str


def latent(cases: int, sites: int, seed: int, end: date, truth: Truth = DEFAULT) -> Iterator[LatentPatient]:
    """The latent course of the patients that ``simulate`` gives for the same arguments, in its order."""
    hospitals = draw_sites(sites, seed, truth)
    for index in range(cases):
        _, site, course = draw_patient(index, hospitals, seed, end, truth)
        yield LatentPatient(
            course.enrolment - course.onset,
            course.exit - course.onset,
            int(course.ending == "death"),
            None if course.response is None else course.response - course.onset,
            None if course.treatment is None else course.treatment - course.onset,
            course.arm.name,
            site.code,
        )


def draw_patient(index: int, sites: Sites, seed: int, end: date, truth: Truth) -> tuple[Stream, Site, Course]:
    """Site and course of patient ``index``, and the patient's stream, from which all else is drawn.

    Everything happens before the day ``end``.
    """
    chance = stream(seed, f"case {index}")
    site = sites.draw(chance)
    return chance, site, draw_course(chance, truth, site, end.toordinal() - 1)

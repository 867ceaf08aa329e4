"""The cohort as the registry would receive it: a stream of submissions, in constant memory."""

from collections.abc import Iterator
from datetime import date

from registry.domain.simulation.latent import draw_patient
from registry.domain.simulation.person import draw_person
from registry.domain.simulation.recording import Notebook
from registry.domain.simulation.sending import Post, SimulatedSubmission
from registry.domain.simulation.site import draw_sites
from registry.domain.simulation.truth import DEFAULT, Truth


def simulate(
    cases: int, sites: int, seed: int, end: date, truth: Truth = DEFAULT
) -> Iterator[SimulatedSubmission]:
    """Submissions about ``cases`` prospective patients of ``sites`` hospitals, patient after patient.

    Within a patient they come in the order in which they are sent. Everything happens, is recorded and is
    sent before the day ``end``. The same arguments give the same bytes; patient i is the same however many
    patients are drawn. Sites are called ``SIM01`` and so on, patients ``SIM01-0007`` (the seventh patient of
    the whole cohort), so that nobody takes them for real ones. Raises ValueError for a number of sites below
    1 or above 99.
    """
    hospitals = draw_sites(sites, seed, truth)
    last_day = end.toordinal() - 1
    for index in range(cases):
        chance, site, course = draw_patient(index, hospitals, seed, end, truth)
        person = draw_person(chance, truth, date.fromordinal(course.onset).year)
        messages = Notebook(person, course, site, truth, last_day, chance).write()
        case = f"{site.code}-{index + 1:04}"
        yield from Post(case, site, truth, last_day, chance).send(messages, course)

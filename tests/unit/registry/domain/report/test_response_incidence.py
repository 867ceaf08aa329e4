"""The golden example of competing risks: twelve patients, response 0.5278 at day 8 where one minus Kaplan-Meier says 0.5949."""

import pytest

from registry.domain.report.courses import courses
from registry.domain.report.document import Figure, Study
from registry.domain.report.people import People
from registry.domain.report.response_incidence import SECTION
from registry.domain.statistics.competing_risks import aalen_johansen
from tests.factories_analysis import a_response, a_row, a_study, untreated

COURSES = ((2, 1), (2, 1), (3, 2), (4, 1), (4, 1), (5, 0), (6, 2), (6, 1), (8, 2), (8, 1), (10, 0), (12, 2))


def row(day: int, cause: int, factor: int = 1):
    day *= factor
    told = {
        1: {"responder_day": day},
        2: {"responder_day": None, "competing_day": day, "competing_cause": "death"},
        3: {"responder_day": None, "competing_day": day, "competing_cause": "reirradiation"},
        0: {"responder_day": None},
    }[cause]
    return a_row(response_radiotherapy=a_response("IR", followed_to=day, **told))


def cohort(repeats: int = 1, factor: int = 1) -> Study:
    return a_study(*[row(*course, factor) for course in COURSES] * repeats)


def test_the_golden_example() -> None:
    response, death, again = aalen_johansen(courses(People.everyone(cohort())).tally)
    assert [response.incidence_at(day) for day in (2, 4, 6, 8)] == pytest.approx(
        [0.1667, 0.3333, 0.4306, 0.5278], abs=5e-5
    )
    assert [death.incidence_at(day) for day in (3, 6, 8, 12)] == pytest.approx(
        [0.0833, 0.1806, 0.2778, 0.4722], abs=5e-5
    )
    assert again.incidence_at(12) == 0


def test_causes_and_who_cannot_be_counted() -> None:
    people = People.everyone(a_study(*(row(9, cause) for cause in range(4)), untreated()))
    found = courses(people)
    assert found.left.tolist() == [9, 9, 9, 9]
    assert found.cause.tolist() == [0, 1, 2, 3]
    assert tuple(found.people.places) == (0, 1, 2, 3)
    assert len(courses(People.everyone(a_study(untreated()))).people) == 0


def test_the_areas_add_up() -> None:
    (figure,) = SECTION.build(cohort(6, 10))
    assert isinstance(figure, Figure)
    for place in range(len(figure.data["days"])):
        assert sum(cause["values"][place] for cause in figure.data["causes"]) <= 1 + 1e-12
    assert figure.data["until"] <= 120
    told = {row.head: [cell.text for cell in row.cells] for row in figure.table.rows}
    assert told["Response"][0] == "36 (50 %)"
    assert told["Patients"][0] == "72"
    assert "Irradiated again without response" not in told


def test_few_patients_have_no_curve() -> None:
    (warning,) = SECTION.build(a_study(row(5, 1)))
    assert warning.kind == "warning"

"""Figure 3: how many had responded, died or been irradiated again, day by day from the start of treatment.

Aalen-Johansen: what is left above the areas are patients without any of it. One minus Kaplan-Meier would count the dead as
if they could still respond.
"""

from collections.abc import Iterable
from typing import Any

from registry.domain.report.cells import number, share, text
from registry.domain.report.courses import AGAIN, DEATH, NAMES, RESPONSE, Courses, courses
from registry.domain.report.document import Block, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.incidence_cells import (
    end_cell,
    height_cell,
    incidence_cell,
    told_incidence_days,
    watched_cell,
)
from registry.domain.report.people import People
from registry.domain.report.plan import TREATMENT_DAYS
from registry.domain.report.sets import treated
from registry.domain.report.survival import FEW_BETWEEN
from registry.domain.report.survival_cells import least_at_risk
from registry.domain.report.ticks import month_ticks
from registry.domain.statistics.competing_risks import Incidence, aalen_johansen
from registry.domain.statistics.printable import percent
from registry.domain.statistics.risk_set import RiskSet


def _table(found: Courses, causes: dict[int, str], told: list[int]) -> Table:
    people, parts = found.people, found.by_cause()
    nobody = People(people.study, ())
    rows = [
        Row(
            name,
            (
                share(parts.get(cause, nobody), people),
                *(
                    incidence_cell(found, cause, day) if day in told else text(FEW_BETWEEN)
                    for day in TREATMENT_DAYS.values()
                ),
            ),
        )
        for cause, name in causes.items()
    ]
    neither = Row(
        "None of these so far",
        (share(parts.get(0, nobody), people), *(text("") for _ in TREATMENT_DAYS)),
    )
    everyone = Row("Patients", (number(people), *(text("") for _ in TREATMENT_DAYS)))
    return Table(
        "f3_incidence_numbers",
        "Numbers of figure 3: what happened first, and its cumulative incidence after the start of treatment.",
        "",
        ("First event", *TREATMENT_DAYS),
        (everyone, *rows, neither),
        ("Response and death on one day count as response.",),
        (((0, 0), *((row, 0) for row in range(1, len(rows) + 2))),),
    )


def _build(study: Study) -> tuple[Block, ...]:
    found = courses(treated(study))
    tally = found.tally
    least = least_at_risk(study, tally.n)
    until = None if least is None else RiskSet(tally).last_day_with(least)
    parts = found.by_cause()
    causes = {cause: name for cause, name in NAMES.items() if cause != AGAIN or AGAIN in parts}
    if until is None or least is None or not until:
        return (Paragraph("There are too few treated patients for a curve.", "warning"),)
    public = study.audience == "public"
    months = month_ticks(until, study.audience)
    told = told_incidence_days(found, {*months, *TREATMENT_DAYS.values()}, causes)
    ticks = [day for day in months if day in told]
    end = max((day for day in told if day <= until), default=0) if public else until
    if not end:
        return (Paragraph("Too few had an event for a public curve.", "warning"),)
    curves = {cause: aalen_johansen(tally)[cause - 1] for cause in causes}
    days = [day for day in told if day <= end] if public else _days(curves.values())
    shown = {cause: [curve.incidence_at(day) for day in days] for cause, curve in curves.items()}
    values = {
        cause: [height_cell(found, cause, day) for day in days] if public else heights
        for cause, heights in shown.items()
    }
    ends = {cause: curve.incidence_at(end) for cause, curve in curves.items()}
    data: dict[str, Any] = {
        "measure": "Treated patients",
        "origin": "start of treatment",
        "unit": "months",
        "horizon": max(ticks[-1], end),
        "ticks": ticks,
        "until": end,
        "between": "straight" if public else "steps",
        "days": days,
        "causes": [
            {
                "name": name,
                "label": Paragraph("{end}", cells={"end": end_cell(found, cause, end)})
                if public
                else percent(ends[cause], tally.n),
                "values": values[cause],
            }
            for cause, name in causes.items()
        ],
        # What is left of 100 % would tell the public a share that is hidden.
        "rest": {
            "name": "None of these",
            "label": "" if public else percent(1 - sum(ends.values()), tally.n),
        },
        "beneath": [{"name": "At risk", "values": [watched_cell(found, day) for day in ticks]}],
    }
    last = max((day for day in TREATMENT_DAYS.values() if day in told), default=None)
    return (
        Figure(
            "f3_incidence",
            "cumulative_incidence",
            "Figure 3. Cumulative incidence of response, death without response and re-irradiation.",
            data,
            "Stacked areas that add up to all treated patients. "
            + (f"On day {last}: response {{response}}, death without response {{death}}. " if last else "")
            + ("Between the marked days it is drawn straight. " if public else "")
            + "The table has the numbers.",
            _table(found, causes, told),
            cells={
                "response": incidence_cell(found, RESPONSE, last),
                "death": incidence_cell(found, DEATH, last),
            }
            if last
            else {},
        ),
    )


def _days(curves: Iterable[Incidence]) -> list[int]:
    """The days on which any of the curves rises, and the first."""
    return [0, *(day for day in sorted({step.day for curve in curves for step in curve.steps}) if day)]


SECTION = SectionSpec("incidence", "Response and competing events", _build)

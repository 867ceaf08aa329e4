"""Figure 3: how many had responded, died or been irradiated again, day by day from the start of treatment.

Aalen-Johansen: what is left above the areas are patients without any of it. One minus Kaplan-Meier would count the dead as
if they could still respond.
"""

from typing import Any

import numpy as np

from registry.domain.report.cells import number, share, text
from registry.domain.report.document import Block, Cell, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import TREATMENT_DAYS
from registry.domain.report.sets import treated
from registry.domain.report.survival_cells import WHY_NOT, least_at_risk
from registry.domain.report.ticks import month_ticks
from registry.domain.report.times import Column, days, entries
from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.counting_arrays import MISSING, count_arrays, refusals
from registry.domain.statistics.day_incidence import incidence_at
from registry.domain.statistics.printable import interval, percent
from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.small_sample import DayVerdict
from registry.domain.statistics.tally import Tally

RESPONSE, DEATH, AGAIN = 1, 2, 3
NAMES = {RESPONSE: "Response", DEATH: "Death without response", AGAIN: "Irradiated again without response"}


def columns(people: People) -> tuple[Column, Column, Column]:
    """Entry, day and cause of the first event of treated patients, as `count_arrays` takes them.

    Days count from the start of treatment; the cause is one of ``NAMES``, or 0 for nothing until the last day.
    """
    irradiated = people.holds_for(lambda row: row.response_radiotherapy is not None)
    died = people.holds_for(lambda row: row.response is not None and row.response.competing_cause == "death")
    followed, responded, competed = (
        np.where(
            irradiated,
            days(people, f"response_radiotherapy.{name}"),
            days(people, f"response_systemic.{name}"),
        )
        for name in ("followed_to", "responder_day", "competing_day")
    )
    competes, responds = (competed != MISSING), (responded != MISSING)
    day = np.where(responds, responded, np.where(competes, competed, followed))
    cause = np.where(responds, RESPONSE, np.where(competes, np.where(died, DEATH, AGAIN), 0))
    unknown = followed == MISSING
    day[unknown] = cause[unknown] = MISSING
    return entries(people, "os_treatment"), day, cause


def counted(people: People) -> tuple[People, Tally]:
    """Those whose course can be counted, and their tally of three causes."""
    entry, leave, cause = columns(people)
    good = ~np.logical_or.reduce(
        [np.zeros(len(people), dtype=bool), *refusals(leave, cause, entry, 3).values()]
    )
    tally = count_arrays(leave[good], cause[good], entry[good], causes=3).tally
    return People(people.study, people.places[good]), tally


def _cell(people: People, tally: Tally, cause: int, day: int) -> Cell:
    found = incidence_at(tally, cause, day)
    if found.value is None:
        return text(WHY_NOT.get(found.verdict, "–"))
    at_risk = _watched(people, day)
    few = ", few at risk" if found.verdict is DayVerdict.FEW_AT_RISK else ""
    limits = interval(found.limits, tally.n).replace("-", "–")
    return Cell(
        f"{percent(found.value, tally.n)} ({limits}{few})",
        of=len(at_risk),
        value=found.value,
        lo=found.limits.lower,
        hi=found.limits.upper,
        method="Aalen-Johansen, log-log 95 %",
        of_who=at_risk.mark,
    )


def _by_cause(people: People) -> dict[int, People]:
    """Parts of those whose course can be counted."""
    return people.parted((0, *NAMES), columns(people)[2])


def _table(people: People, tally: Tally, causes: dict[int, str]) -> Table:
    parts, nobody = _by_cause(people), People(people.study, ())
    rows = [
        Row(
            name,
            (
                share(parts.get(cause, nobody), people),
                *(_cell(people, tally, cause, day) for day in TREATMENT_DAYS.values()),
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
    people, tally = counted(treated(study))
    least = least_at_risk(study, tally.n)
    until = None if least is None else RiskSet(tally).last_day_with(least)
    parts = _by_cause(people)
    causes = {cause: name for cause, name in NAMES.items() if cause != AGAIN or AGAIN in parts}
    if until is None or least is None or not until:
        return (Paragraph("There are too few treated patients for a curve.", "warning"),)
    curves = {cause: aalen_johansen(tally)[cause - 1] for cause in causes}
    days = [
        0,
        *(day for day in sorted({step.day for curve in curves.values() for step in curve.steps}) if day),
    ]
    ticks = list(month_ticks(until, study.audience))
    values = {cause: [curve.incidence_at(day) for day in days] for cause, curve in curves.items()}
    ends = {cause: curve.incidence_at(until) for cause, curve in curves.items()}
    data: dict[str, Any] = {
        "measure": "Treated patients",
        "origin": "start of treatment",
        "unit": "months",
        "horizon": ticks[-1],
        "ticks": ticks,
        "until": until,
        "days": days,
        "causes": [
            {"name": name, "label": percent(ends[cause], tally.n), "values": values[cause]}
            for cause, name in causes.items()
        ],
        "rest": {"name": "None of these", "label": percent(1 - sum(ends.values()), tally.n)},
        "beneath": [{"name": "At risk", "values": [number(_watched(people, day)) for day in ticks]}],
    }
    figure = Figure(
        "f3_incidence",
        "cumulative_incidence",
        "Figure 3. Cumulative incidence of response, death without response and re-irradiation.",
        data,
        "Stacked areas that add up to all treated patients. After three months: response {response}, death without "
        "response {death}. The table has the numbers.",
        _table(people, tally, causes),
        cells={
            "response": _cell(people, tally, RESPONSE, TREATMENT_DAYS["3 months"]),
            "death": _cell(people, tally, DEATH, TREATMENT_DAYS["3 months"]),
        },
    )
    return (figure,)


def _watched(people: People, day: int) -> People:
    """Those still without any event on a day: entered before it and not gone before it."""
    entry, leave, _ = columns(people)
    inside = (entry < day) & (day <= np.maximum(leave, 0))
    return People(people.study, people.places[inside | ((day == 0) & (entry < 0))])


SECTION = SectionSpec("incidence", "Response and competing events", _build)

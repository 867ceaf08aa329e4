"""Figure 3: how many had responded, died or been irradiated again, day by day from the start of treatment.

Aalen-Johansen: what is left above the areas are patients without any of it. One minus Kaplan-Meier would count the dead as
if they could still respond.
"""

from collections.abc import Hashable
from typing import Any

from registry.domain.analysis import AnalysisRow
from registry.domain.report.cells import number, share, text
from registry.domain.report.document import Block, Cell, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import TREATMENT_DAYS
from registry.domain.report.sets import treated
from registry.domain.report.survival_cells import WHY_NOT, least_at_risk
from registry.domain.report.ticks import month_ticks
from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.counting import Row as Counted
from registry.domain.statistics.counting import count, refusal
from registry.domain.statistics.day_incidence import incidence_at
from registry.domain.statistics.printable import interval, percent
from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.small_sample import DayVerdict
from registry.domain.statistics.tally import Tally

RESPONSE, DEATH, AGAIN = 1, 2, 3
NAMES = {RESPONSE: "Response", DEATH: "Death without response", AGAIN: "Irradiated again without response"}


def counted_row(row: AnalysisRow) -> Counted:
    """(entry, exit, cause) of a treated patient, days from the start of treatment."""
    response = row.response
    if response is None or response.followed_to is None:
        return None, None, None
    if response.responder_day is not None:
        return row.os_treatment.entry, response.responder_day, RESPONSE
    if response.competing_day is not None:
        cause = DEATH if response.competing_cause == "death" else AGAIN
        return row.os_treatment.entry, response.competing_day, cause
    return row.os_treatment.entry, response.followed_to, 0


def counted(people: People) -> tuple[People, Tally]:
    """Those whose course can be counted, and their tally of three causes."""
    good = people.where(lambda row: refusal(*counted_row(row), causes=3) is None)
    return good, count((counted_row(row) for row in good), causes=3).tally


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


def _by_cause(people: People) -> dict[Hashable, People]:
    return dict(people.split(lambda row: counted_row(row)[2]))


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
    def test(row: AnalysisRow) -> bool:
        entry, leave, _ = counted_row(row)
        return (-1 if entry is None else entry) < day <= (leave or 0) or (day == 0 and entry is None)

    return people.where(test)


SECTION = SectionSpec("incidence", "Response and competing events", _build)

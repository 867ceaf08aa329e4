"""Table 5 and figure 2: survival from three origins, counted from enrolment (delayed entry).

Everything is conditional on being alive on the start day of the plan. The naive reading, which ignores that patients had
to live until they were enrolled, is printed in the sensitivity analyses only.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from registry.domain.analysis import AnalysisRow
from registry.domain.report.cells import number, share, text
from registry.domain.report.document import Block, Cell, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import START_DAYS, SURVIVAL_DAYS
from registry.domain.report.sets import analysed, not_told_apart, treated
from registry.domain.report.survival_cells import (
    at_risk_cell,
    follow_up_cell,
    least_at_risk,
    median_cell,
    survival_cell,
    told_days,
)
from registry.domain.report.ticks import month_ticks
from registry.domain.report.times import Origin, Times, dead, times
from registry.domain.report.words import ORIGINS, WITHOUT_TIME, said
from registry.domain.statistics.day_survival import group_curve
from registry.domain.statistics.risk_set import RiskSet, risk_table
from registry.domain.statistics.tally import Tally

FEW_BETWEEN = "too few deaths between"
COLUMNS = ("Patients", "Died", "Median survival, months", *SURVIVAL_DAYS, "Median follow-up, months")


def cells_of(found: Times, start: int) -> tuple[Cell, ...]:
    """The cells of ``COLUMNS`` for a group."""
    died = found.people.where(lambda row: dead(row, found.origin))
    tally = found.tally.given_alive_at(start)
    told = told_days(found, start, SURVIVAL_DAYS.values())
    return (
        number(found.people),
        share(died, found.people),
        median_cell(found, tally),
        *(
            survival_cell(found, tally, day) if day in told else text(FEW_BETWEEN)
            for day in SURVIVAL_DAYS.values()
        ),
        follow_up_cell(found, found.tally),
    )


def sets(study: Study) -> dict[Origin, People]:
    """Who is counted from which origin."""
    return {"os_onset": analysed(study), "os_diagnosis": analysed(study), "os_treatment": treated(study)}


def _estimates(study: Study) -> Table:
    rows = tuple(
        Row(f"From {ORIGINS[origin]}", cells_of(times(people, origin), START_DAYS[origin]))
        for origin, people in sets(study).items()
    )
    return Table(
        "t5_survival",
        "Table 5. Survival by origin: months and percent alive, with 95 % intervals.",
        "",
        COLUMNS,
        rows,
        (
            (
                "Each patient counts from the day of enrolment on (delayed entry). From symptom onset and from diagnosis the "
                f"estimates hold for patients alive on day {START_DAYS['os_onset']}."
            ),
            (
                "Intervals: beta product below 60 patients (approximate with delayed entry), log-log from there on; "
                "pointwise, not adjusted for repeated reports."
            ),
            "Origins are different questions: the same patient has three times.",
            *not_told_apart(study),
        ),
    )


def _left_out(study: Study) -> Table:
    counted = {origin: (people, times(people, origin)) for origin, people in sets(study).items()}
    reasons = sorted({key for _, found in counted.values() for key in found.left_out}, key=str)
    nobody = People(study, ())
    rows = [
        Row("Patients", tuple(number(people) for people, _ in counted.values())),
        Row("Counted", tuple(number(found.people) for _, found in counted.values()), 1),
        *(
            Row(
                f"Left out: {WITHOUT_TIME.get(reason, said(str(reason)))}",  # type: ignore[call-overload]
                tuple(number(found.left_out.get(reason, nobody)) for _, found in counted.values()),
                1,
            )
            for reason in reasons
        ),
    ]
    imputed = Row(
        "Counted with an imputed day",
        tuple(
            share(
                found.people.where(_imputed(origin)),
                found.people,
            )
            for origin, (_, found) in counted.items()
        ),
    )
    parts = range(1, len(rows))
    return Table(
        "t5_left_out",
        "Who is counted in the survival times, and who is not.",
        "",
        tuple(f"From {ORIGINS[origin]}" for origin in counted),
        (*rows, imputed),
        ("A date known to the month counts as its 15th, one known to the year as 1 July.",),
        tuple(((0, column), *((row, column) for row in parts)) for column in range(len(counted))),
    )


def _imputed(origin: Origin) -> Callable[[AnalysisRow], object]:
    return lambda row: {"imputed_origin", "imputed_end"}.intersection(getattr(row, origin).flags)


def _curve(study: Study) -> Block:
    found, start = times(analysed(study), "os_onset"), START_DAYS["os_onset"]
    tally = found.tally.given_alive_at(start)
    least = least_at_risk(study, tally.n)
    until = None if least is None else RiskSet(tally).last_day_with(least)
    if until is None or least is None:
        return Paragraph("There are too few patients for a survival curve.", "warning")
    public = study.audience == "public"
    last = until if public else tally.last_day or until
    months = month_ticks(last, study.audience)
    told = told_days(found, start, {*months, *SURVIVAL_DAYS.values()})
    ticks = [day for day in months if day <= start or day in told]
    cells = {day: survival_cell(found, tally, day) for day in ticks if day >= start}
    at_risk = [at_risk_cell(found, day) for day in ticks]
    middle = median_cell(found, tally)
    group = {
        "name": f"Alive on day {start}" if start else "All patients",
        "label": Paragraph("median {median} months", cells={"median": middle})
        if middle.value is not None
        else "",
        "at_risk": at_risk,
        **(_marked(cells, start, until) if public else _stepped(found, tally, start, ticks, until)),
    }
    data = {
        "measure": "Alive",
        "origin": "symptom onset",
        "unit": "months",
        "horizon": ticks[-1],
        "ticks": ticks,
        "level": "95 %",
        "few_at_risk": least,
        "delayed_entry": found.tally.delayed,
        "between": "straight" if public else "steps",
        "groups": [group],
    }
    died = found.people.where(lambda row: dead(row, found.origin))
    plan = {name: day for name, day in SURVIVAL_DAYS.items() if day in told}
    drawn = (
        "Survival is told at the marked days only, and drawn straight between them, because a step is the day of a death."
        if public
        else f"The curve is drawn firm while at least {least} patients are at risk."
    )
    return Figure(
        "f2_survival",
        "survival",
        f"Figure 2. Survival from symptom onset of patients alive on day {start}, with delayed entry.",
        data,
        "A falling curve of the share of patients alive, with its 95 % band. {n} patients, {died} died. Median "
        "survival, in months: {median}. "
        + " ".join(f"Alive at {name}: {{at{day}}}." for name, day in plan.items())
        + f" {drawn}",
        Table(
            "f2_survival_numbers",
            "Numbers behind figure 2.",
            "Months",
            ("At risk", "Alive"),
            tuple(
                Row(str(months[day]), (cell, cells[day]))
                for day, cell in zip(ticks, at_risk, strict=True)
                if day >= start
            ),
        ),
        cells={
            "n": number(found.people),
            "died": number(died),
            "median": middle,
            **{f"at{day}": survival_cell(found, tally, day) for day in plan.values()},
        },
    )


def _stepped(found: Times, tally: Tally, start: int, ticks: list[int], until: int) -> dict[str, Any]:
    """The curve with all its steps, for staff."""
    curve, table = group_curve(tally), risk_table(found.tally, ticks)
    steps: list[list[Any]] = [[start, 1.0, curve.first.lower, curve.first.upper]]
    steps += [[step.day, step.survival, step.limits.lower, step.limits.upper] for step in curve.steps]
    return {
        "steps": steps,
        "censored": [row.day for row in tally.days if row.censored],
        "solid_until": until,
        "last_day": tally.last_day or until,
        "events": [row.events for row in table],
        "censored_so_far": [row.censored for row in table],
    }


def _marked(cells: Mapping[int, Cell], start: int, until: int) -> dict[str, Any]:
    """The curve at some days, for the public: each height is a cell, so that it can be hidden."""
    known = {day: cell for day, cell in cells.items() if cell.value is not None and day <= until}
    steps: list[list[Any]] = [[start, 1.0, None, None]]
    steps += [
        [day, *(replace(cell, value=part) for part in (cell.value, cell.lo, cell.hi))]
        for day, cell in known.items()
    ]
    return {
        "steps": steps,
        "censored": [],
        "solid_until": max(known, default=start),
        "last_day": max(known, default=start),
        "events": [],
        "censored_so_far": [],
    }


def _build(study: Study) -> tuple[Block, ...]:
    if not len(analysed(study)):
        return (Paragraph("There are too few patients to be told of.", "warning"),)
    return (_curve(study), _estimates(study), _left_out(study))


SECTION = SectionSpec("survival", "Survival", _build)

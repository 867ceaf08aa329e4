"""Small hand-made reports: every kind of block, every kind of figure. All patients are invented."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from registry.domain.report.document import Block, Cell, Document, Figure, Row, Section, Table

TICKS = [0, 91, 183, 274, 365, 457, 548]


def a_document(*sections: Section, **changes: Any) -> Document:
    """A public report, of the sections given."""
    document = Document(
        title="Malignant psoas syndrome: prospective study report",
        number=12,
        audience="public",
        cutoff=date(2026, 3, 31),
        as_of=datetime(2026, 4, 2, 4, 30, tzinfo=UTC),
        snapshot="5f0c9a" * 10 + "77aa",
        versions={"code": "0.1.0", "dictionary": "3", "rules": "a41c09", "opioid table": "CDC-2022"},
        sections=sections,
    )
    return replace(document, **changes)


def of_blocks(*blocks: Block, **changes: Any) -> Document:
    """A report with one section."""
    return a_document(Section("results", "Results", blocks), **changes)


def share(count: int, of: int, lo: float = 0.1, hi: float = 0.9) -> Cell:
    """A cell that tells of a share."""
    return Cell(f"{count} ({100 * count // of} %)", count, of, count / of, lo, hi, "Clopper-Pearson 95 %")


def a_table(**changes: Any) -> Table:
    """Two rows under a heading, one cell hidden, one note."""
    table = Table(
        id="t4_response",
        caption="Response to radiotherapy at month 2",
        corner="Category",
        columns=("Intention to treat", "Assessable"),
        rows=(
            Row("Response", ()),
            Row("complete", (share(9, 52), share(9, 30)), level=1),
            Row(
                "partial",
                (share(14, 52), Cell("< 5", suppressed="1 to 4, or would tell such a number")),
                level=1,
            ),
        ),
        notes=("Not evaluable counts as no response.",),
    )
    return replace(table, **changes)


def a_figure(kind: str = "survival", **changes: Any) -> Figure:
    """A figure of this kind with data that fit."""
    figure = Figure(
        id=f"f_{kind}",
        kind=kind,
        caption=f"An example of {kind.replace('_', ' ')} <drawn & labelled>",
        data=FIGURE_DATA[kind],
        alt=f"What the {kind.replace('_', ' ')} shows: 52 patients, 31 died.",
        table=a_table(id=f"f_{kind}_numbers", caption="The numbers of the figure"),
    )
    return replace(figure, **changes)


def a_curve(name: str, n: int, monthly_hazard: float, *, label: str, seed: int) -> Mapping[str, Any]:
    """A Kaplan-Meier curve of invented patients with rough limits, as ``survival`` takes it."""
    dice = random.Random(seed)
    people = sorted(
        (int(min(death, end)) + 1, death < end)
        for death, end in ((dice.expovariate(monthly_hazard) * 30.4, dice.uniform(60, 620)) for _ in range(n))
    )
    steps: list[list[float | None]] = [[0, 1.0, None, None]]
    alive = 1.0
    for day in sorted({day for day, died in people if died}):
        at_risk = sum(1 for other, _ in people if other >= day)
        alive *= 1 - sum(1 for other, died in people if died and other == day) / at_risk
        spread = 1.96 * (alive * (1 - alive) / at_risk) ** 0.5
        steps.append([day, alive, max(0.0, alive - spread), min(1.0, alive + spread)])
    return {
        "name": name,
        "label": label,
        "steps": steps,
        "censored": [day for day, died in people if not died],
        "solid_until": people[-5][0],
        "last_day": people[-1][0],
        "at_risk": [sum(1 for day, _ in people if day >= tick) for tick in TICKS],
        "events": [sum(1 for day, died in people if died and day <= tick) for tick in TICKS],
        "censored_so_far": [sum(1 for day, died in people if not died and day < tick) for tick in TICKS],
    }


SURVIVAL: dict[str, Any] = {
    "measure": "Alive",
    "origin": "onset of MPS",
    "unit": "months",
    "horizon": 560,
    "ticks": TICKS,
    "level": "95 %",
    "few_at_risk": 5,
    "delayed_entry": True,
    "groups": [
        a_curve("Responders at month 1", 34, 0.07, label="median 9.6 months\n(6.9 to 13.0)", seed=2),
        a_curve("Non-responders", 28, 0.16, label="median 4.1 months\n(2.8 to 5.9)", seed=5),
    ],
}

FIGURE_DATA: dict[str, dict[str, Any]] = {
    "survival": SURVIVAL,
    "cumulative_incidence": {
        "measure": "Patients",
        "origin": "end of radiotherapy",
        "unit": "weeks",
        "horizon": 182,
        "ticks": [0, 28, 56, 84, 112, 140, 168],
        "until": 160,
        "days": [0, 7, 12, 20, 31, 45, 58, 80, 99, 130],
        "causes": [
            {
                "name": "Response",
                "label": "48 %",
                "values": [0, 0.04, 0.1, 0.21, 0.33, 0.4, 0.44, 0.46, 0.48, 0.48],
            },
            {
                "name": "Died without response",
                "label": "29 %",
                "values": [0, 0.02, 0.02, 0.06, 0.1, 0.13, 0.17, 0.22, 0.26, 0.29],
            },
            {
                "name": "Treated again first",
                "label": "6 %",
                "values": [0, 0, 0, 0, 0.01, 0.02, 0.04, 0.06, 0.06, 0.06],
            },
        ],
        "rest": {"name": "None of these", "label": "17 %"},
        "beneath": [{"name": "Under watch", "values": [52, 38, 24, 15, 11, 9, None]}],
    },
    "flow": {
        "steps": [
            {
                "label": "Cases received from 7 sites",
                "n": 71,
                "out_label": "Not enrolled",
                "out": [
                    {"label": "psoas metastasis only", "n": 6},
                    {"label": "malignant hip flexion failure without painful fixation", "n": 3},
                    {"label": "consent withdrawn", "n": 2},
                ],
            },
            {
                "label": "Enrolled with malignant psoas syndrome",
                "n": 60,
                "parts_label": "Certainty of diagnosis",
                "parts": [
                    {"label": "definite", "n": 41},
                    {"label": "probable", "n": 14},
                    {"label": "possible", "n": 5},
                ],
            },
            {
                "label": "Index treatment known",
                "n": 60,
                "out_label": "No radiotherapy",
                "out": [{"label": "systemic therapy only", "n": 5}, {"label": "neither", "n": 3}],
            },
            {
                "label": "Radiotherapy begun",
                "n": 52,
                "parts_label": "Assessable at",
                "parts": [
                    {
                        "label": "month 1",
                        "n": 38,
                        "reasons": [{"label": "died before", "n": 7}, {"label": "missed", "n": 7}],
                    },
                    {
                        "label": "month 2",
                        "n": 30,
                        "reasons": [{"label": "died before", "n": 14}, {"label": "missed", "n": 8}],
                    },
                    {
                        "label": "month 3",
                        "n": 22,
                        "reasons": [
                            {"label": "died before", "n": 21},
                            {"label": "missed, or outside the window", "n": 9},
                        ],
                    },
                ],
            },
        ]
    },
    "bars": {
        "layout": "stacked",
        "measure": "Patients",
        "categories": [
            "complete response",
            "partial response",
            "indeterminate",
            "pain progression",
            "not evaluable: alive",
            "not evaluable: died",
        ],
        "bars": [
            {"label": "Month 1", "n": 52, "counts": [6, 15, 11, 6, 7, 7]},
            {"label": "Month 2", "n": 52, "counts": [9, 14, 4, 3, 8, 14]},
            {"label": "Month 3", "n": 52, "counts": [7, 9, None, None, 9, 21]},
            {"label": "Best of months 1 to 3", "n": 52, "counts": [12, 17, 8, 5, 4, 6]},
            {"label": "Re-irradiated patients with earlier opioids", "n": None, "counts": [None] * 6},
        ],
    },
    "funnel": {
        "measure": "Responders at month 2",
        "share": 0.44,
        "limits": [
            {
                "name": "95 %",
                "points": [
                    [n, max(0, 0.44 - 0.97 / n**0.5), min(1, 0.44 + 0.97 / n**0.5)] for n in range(1, 25)
                ],
            },
            {
                "name": "99.8 %",
                "points": [
                    [n, max(0, 0.44 - 1.53 / n**0.5), min(1, 0.44 + 1.53 / n**0.5)] for n in range(1, 25)
                ],
            },
        ],
        "sites": [
            {"label": "A", "n": 14, "count": 7},
            {"label": "B", "n": 11, "count": 4},
            {"label": "yours", "n": 9, "count": 5, "own": True},
            {"label": "D", "n": 18, "count": 3},
            {"label": "others", "n": 6, "count": 4},
        ],
    },
    "lines": {
        "measure": "Worst pain, NRS 0 to 10",
        "range": [0, 10],
        "axis": "Time since end of radiotherapy",
        "at": [0, 30, 61, 91, 183],
        "names": ["before", "month 1", "month 2", "month 3", "month 6"],
        "groups": [
            {
                "name": "Radiotherapy",
                "values": [7.6, 5.1, 4.2, 3.9, 3.0],
                "lo": [7.1, 4.3, 3.3, 2.9, 1.4],
                "hi": [8.1, 5.9, 5.1, 4.9, 4.6],
            },
            {
                "name": "No radiotherapy",
                "values": [7.2, 6.4, 6.6, 6.9, None],
                "lo": [6.2, 5.0, 4.9, None, None],
                "hi": [8.2, 7.8, 8.3, None, None],
            },
        ],
        "each": [[8, 6, 3, None, None], [7, 7, 6, 5, 5], [9, 3, 2, 2, 1]],
        "beneath": [
            {"name": "Observed", "values": [60, 44, 33, 24, 9]},
            {"name": "Died", "values": [0, 9, 18, 27, 41]},
            {"name": "Missing", "values": [0, 7, 9, 9, 10]},
        ],
    },
    "waterfall": {
        "measure": "Change of worst pain, NRS points",
        "range": [-10, 10],
        "groups": ["complete response", "partial response", "indeterminate", "pain progression"],
        "bars": [
            {"value": value, "group": 3 if value > 1 else 2 if value > -2 else 1 if value > -6 else 0}
            for value in (
                4,
                3,
                2,
                2,
                1,
                0,
                0,
                0,
                -1,
                -1,
                -2,
                -2,
                -3,
                -3,
                -3,
                -4,
                -4,
                -5,
                -5,
                -6,
                -7,
                -7,
                -8,
                -9,
            )
        ],
        "lines": [{"at": -2, "name": "2 points better"}, {"at": 2, "name": "2 points worse"}],
    },
    "swimmer": {
        "origin": "onset of MPS",
        "unit": "months",
        "horizon": 480,
        "ticks": TICKS[:6],
        "spans": ["radiotherapy", "systemic therapy"],
        "marks": ["response", "progression"],
        "ends": {"died": "died", "alive": "alive at last contact"},
        "patients": [
            {
                "label": str(number),
                "start": 11 * (number % 3),
                "end": 40 + 37 * number,
                "died": number % 4 != 0,
                "spans": [
                    {"kind": 0, "from": 20, "to": 33},
                    {"kind": 1, "from": 45 + number, "to": 30 + 33 * number},
                ][: 1 + (number > 3)],
                "marks": [{"kind": 0, "day": 38}, {"kind": 1, "day": 36 * number}][: 1 + (number > 2)],
            }
            for number in range(1, 12)
        ],
    },
}

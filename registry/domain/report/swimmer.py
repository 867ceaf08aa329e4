"""Figure 5: the course of every treated patient as a line. For staff only: each line is one person."""

from typing import Any

from registry.domain.analysis import AnalysisRow
from registry.domain.report.document import Block, Figure, Paragraph, SectionSpec, Study
from registry.domain.report.sets import treated
from registry.domain.report.ticks import month_ticks

MOST_LINES = 60
MARKS = ("response", "end of response")


def _line(row: AnalysisRow) -> dict[str, Any]:
    marks = []
    response = row.response
    if response is not None and response.responder_day is not None:
        marks.append({"kind": 0, "day": response.responder_day})
        if response.duration_event == 1 and response.duration_days is not None:
            marks.append({"kind": 1, "day": response.responder_day + response.duration_days})
    return {
        "start": 0,
        "end": row.os_treatment.exit,
        "died": row.os_treatment.event == 1,
        "spans": [],
        "marks": marks,
    }


def _build(study: Study) -> tuple[Block, ...]:
    if study.audience == "public":
        return (Paragraph("Courses of single patients are shown to the staff of the registry only."),)
    people = treated(study).where(lambda row: row.os_treatment.exit)
    if not 1 <= len(people) <= MOST_LINES:
        return (
            Paragraph(
                f"The picture is drawn for 1 to {MOST_LINES} treated patients of known course; there are {len(people)}."
            ),
        )
    lines = sorted(map(_line, people), key=lambda line: line["end"], reverse=True)
    longest = max(line["end"] for line in lines)
    died = sum(line["died"] for line in lines)
    return (
        Figure(
            "f5_swimmer",
            "swimmer",
            "Figure 5. Course of every treated patient from the start of treatment. For staff only.",
            {
                "origin": "start of treatment",
                "unit": "months",
                "horizon": longest,
                "ticks": [day for day in month_ticks(longest) if day <= longest],
                "spans": [],
                "marks": list(MARKS),
                "ends": {"died": "died", "alive": "alive at last contact"},
                "patients": [{"label": str(place), **line} for place, line in enumerate(lines, 1)],
            },
            f"One line for each of {len(lines)} patients, the longest at the top; {died} end with death. Marks are the "
            "first response and its end.",
            staff_only=True,
        ),
    )


SECTION = SectionSpec("courses", "Courses of single patients", _build)

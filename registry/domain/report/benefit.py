"""Table 7: what treatment was worth: function regained, days in response, with pain controlled and at home."""

from collections.abc import Callable

from registry.domain.analysis import AnalysisRow
from registry.domain.outcomes.share_of_life_on_radiotherapy import NEAR_DEATH_DAYS
from registry.domain.report.cells import middle, rate
from registry.domain.report.document import Block, Cell, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.sets import treated

Answer = Callable[[AnalysisRow], bool | None]
Figure = Callable[[AnalysisRow], float | None]


def _functional(row: AnalysisRow) -> bool | None:
    return row.response.functional if row.response else None


def _composite(row: AnalysisRow) -> bool | None:
    return row.response.composite if row.response else None


def _early_death(row: AnalysisRow) -> bool | None:
    if row.death_within_30_days is not None:
        return row.death_within_30_days
    irradiated = row.treatment in ("radiotherapy", "both")
    return False if irradiated and (row.os_treatment.exit or 0) > NEAR_DEATH_DAYS else None


def _percent(figure: Figure) -> Figure:
    def value(row: AnalysisRow) -> float | None:
        found = figure(row)
        return None if found is None else 100 * found

    return value


RATES: dict[str, Answer] = {
    "Functional response, of those impaired and assessed": _functional,
    "Response of pain and function, of those assessed for both": _composite,
    "Died within 30 days of the start of radiotherapy, of those followed so long": _early_death,
}
MEDIANS: dict[str, Figure] = {
    "Net pain relief: % of the time from treatment in response": _percent(lambda row: row.net_pain_relief),
    "Days with pain controlled, %: at least": _percent(lambda row: row.pain_control_lo),
    "Days with pain controlled, %: at most": _percent(lambda row: row.pain_control_hi),
    "Days alive and out of hospital, of the first 90": lambda row: row.daoh90,
    "Share of remaining life on radiotherapy, %, of those who died": _percent(
        lambda row: row.rt_share_of_life
    ),
}


def _build(study: Study) -> tuple[Block, ...]:
    people = treated(study)
    if not len(people):
        return (Paragraph("There are too few treated patients to be told of.", "warning"),)
    rows = [Row(words, (_rate(people, answer),)) for words, answer in RATES.items()]
    rows += [Row(words, (middle(people, figure),)) for words, figure in MEDIANS.items()]
    return (
        Table(
            "t7_benefit",
            "Table 7. Function and net benefit of treatment: proportions with intervals, and medians (quartiles).",
            "",
            ("Treated",),
            tuple(rows),
            (
                "Days on which pain was not recorded are once counted as not controlled and once as controlled.",
                (
                    "Deaths soon after treatment and time spent on it are reported, not judged: they cannot be seen "
                    "beforehand."
                ),
            ),
        ),
    )


def _rate(people: People, answer: Answer) -> Cell:
    return rate(
        people.where(lambda row: answer(row) is True), people.where(lambda row: answer(row) is not None)
    )


SECTION = SectionSpec("benefit", "Function and net benefit", _build)

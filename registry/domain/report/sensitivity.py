"""The sensitivity analyses fixed in advance: the same questions under other readings of the data.

Scores of the dead are never imputed, because there is no pain after death; those of the living that are missing are
bounded by counting all or none of them as responses.
"""

from dataclasses import dataclass, replace

from registry.domain.analysis import AnalysisRow, WindowRow
from registry.domain.report.answers import RESPONDERS, answers, window_of
from registry.domain.report.cells import rate
from registry.domain.report.document import Block, Cell, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import DISPUTED, PRIMARY_WINDOW, START_DAYS, WIDE_BOUNDS
from registry.domain.report.sets import WITH_SYNDROME, analysed, told, treated
from registry.domain.report.survival import COLUMNS, cells_of
from registry.domain.report.survival_cells import marks
from registry.domain.report.times import Ends, times

ASSISTED = "PR_assisted"
OF_THE_LIVING = frozenset({"missed", "missing_nrs", "missing_omedd", "too_ill", "lost", "pending"})
"""Reasons of patients who were alive and might have responded."""

STARTS = (0, 90)
"""Other start days of the survival estimate."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to count survival from onset that differs from the primary one."""

    name: str
    people: People
    start: int = START_DAYS["os_onset"]
    delayed: bool = True
    set_aside: frozenset[str] = frozenset({WIDE_BOUNDS, DISPUTED})
    ends: Ends = "exit"


def _responders(people: People, counts: frozenset[str]) -> People:
    """Those in response, and those without an answer for one of the reasons."""

    def test(row: AnalysisRow) -> bool:
        window = window_of(row, PRIMARY_WINDOW)
        return window.category in RESPONDERS or (window.category is None and window.reason in counts)

    return people.where(test)


def _not_dead(row: AnalysisRow) -> bool:
    return window_of(row, PRIMARY_WINDOW).reason != "died_before_window"


def _with_words(row: AnalysisRow) -> bool:
    window = window_of(row, PRIMARY_WINDOW)
    told_in_words = window.category is None and row.response is not None and row.response.assisted == ASSISTED
    return window.category in RESPONDERS or told_in_words


def _integrated(window: WindowRow) -> str | None:
    if window.integrated is None:
        return None
    return "PR" if window.integrated else "IR"


def response_rows(study: Study) -> list[Row]:
    """Response at month 2, of all treated and of the assessable."""
    people = treated(study)
    primary = answers(people, PRIMARY_WINDOW)
    clean = people.where(lambda row: not window_of(row, PRIMARY_WINDOW).confounded)
    definite = people.where(lambda row: row.mps_class == "definite")
    bounded = _responders(people, OF_THE_LIVING)
    # Neither alive to respond nor dead nor assessed: what is left when the best case and table 4 are told.
    neither = people.without(bounded).without(primary.assessable).where(_not_dead)
    helped = people.where(_with_words)
    rows = [
        _row("Primary", primary.responders, people, primary.assessable),
        Row(
            "Best case: the living without an answer responded",
            (replace(rate(bounded, people), tells=marks(neither)), Cell("–")),
        ),
        Row("Worst case: they did not", (rate(primary.responders, people), Cell("–"))),
        Row("Told in words with an opioid cut by a quarter counts", (rate(helped, people), Cell("–"))),
    ]
    for name, category in (
        ("Pain alone, whatever the opioid", lambda window: window.pain_only),
        ("Older integrated definition", _integrated),
    ):
        found = answers(people, PRIMARY_WINDOW, category)
        rows.append(_row(name, found.responders, people, found.assessable))
    for name, group in (
        ("Without responses another treatment may explain", clean),
        ("Definite diagnosis only", definite),
    ):
        found = answers(group, PRIMARY_WINDOW)
        rows.append(_row(name, found.responders, group, found.assessable))
    letter, pragmatic = primary, answers(people, PRIMARY_WINDOW, lambda window: window.pragmatic)
    for name, found in (
        ("Progression by the letter", letter),
        ("Progression, both worse counted", pragmatic),
    ):
        rows.append(_row(name, found.categories["PP"], people, found.assessable))
    return rows


def survival_rows(study: Study) -> list[Row]:
    """Survival from onset under other readings."""
    people = analysed(study)
    everyone = told(study).get(WITH_SYNDROME, people)
    readings = (
        Reading("Primary", people),
        *(Reading(f"Alive on day {start}", people, start) for start in STARTS),
        Reading("Naive: enrolment ignored (biased upwards)", people, 0, False),
        Reading("Every partial date as early as possible", people, ends="exit_lo"),
        Reading("Every partial date as late as possible", people, ends="exit_hi"),
        Reading("With vague dates", people, set_aside=frozenset({DISPUTED})),
        Reading("With disputed origins", people, set_aside=frozenset({WIDE_BOUNDS})),
        Reading("Definite diagnosis only", people.where(lambda row: row.mps_class == "definite")),
        Reading("With patients about whom a blocking question is open", everyone),
    )
    return [
        Row(
            one.name,
            cells_of(
                times(one.people, "os_onset", delayed=one.delayed, set_aside=one.set_aside, ends=one.ends),
                one.start,
            ),
        )
        for one in readings
    ]


def _row(name: str, responders: People, people: People, assessable: People) -> Row:
    return Row(name, (rate(responders, people), rate(responders, assessable)))


def _build(study: Study) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if len(treated(study)):
        blocks.append(
            Table(
                "sensitivity_response",
                "Response at month 2 under other readings.",
                "Reading",
                ("Of all", "Of the assessable"),
                tuple(response_rows(study)),
                ("Dependence on the opioid table is reported by itself.",),
            )
        )
    if len(analysed(study)):
        blocks.append(
            Table(
                "sensitivity_survival",
                "Survival from symptom onset under other readings.",
                "Reading",
                COLUMNS,
                tuple(survival_rows(study)),
                (f"Unless the reading says otherwise, of patients alive on day {START_DAYS['os_onset']}.",),
            )
        )
    return tuple(blocks) or (Paragraph("There are too few patients to be told of.", "warning"),)


SECTION = SectionSpec("sensitivity", "Sensitivity analyses", _build)

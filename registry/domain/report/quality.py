"""Table 8: how complete and how timely the data are, by site."""

from collections.abc import Callable
from dataclasses import replace

from registry.domain.analysis import AnalysisRow
from registry.domain.report.cells import number, other, share, text
from registry.domain.report.collapse import pooled, smallest_column
from registry.domain.report.document import Block, Cell, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.ledger import OTHER_SITES
from registry.domain.report.open_queries import OLD_DAYS, questions
from registry.domain.report.people import People
from registry.domain.report.plan import CONFIRMED_WITHIN_DAYS, TARGETS
from registry.domain.report.sets import enrolled
from registry.domain.report.survival_cells import marks

CORE = {
    "onset": "Date of onset",
    "diagnosis": "Date of diagnosis",
    "side": "Side",
    "nrs_baseline": "Worst pain at baseline",
    "nrs_m2": "Worst pain at month 2",
    "omedd_baseline": "Opioid dose at baseline",
    "omedd_m2": "Opioid dose at month 2",
    "rt_dose": "Radiotherapy dose",
    "rt_fractions": "Radiotherapy fractions",
    "rt_start": "Start of radiotherapy",
    "rt_end": "End of radiotherapy",
    "vital_status": "Vital status",
}
COARSE = 5
"""Percent to which a bound is rounded down, so that it does not tell the number it was made from."""


def by_site(people: People, study: Study) -> dict[str, People]:
    """The patients by site, small sites pooled as far as the audience asks for it."""
    found = people.by_site()
    return pooled({site: found[site] for site in sorted(found)}, smallest_column(study), OTHER_SITES)


def recorded(people: People, name: str, study: Study) -> Cell:
    """How many of those in whom the variable can be recorded have it.

    For the public, few who have it not are a bound: "80 % or more".
    """
    asked = people.where(lambda row: row.completeness[name] is not None)
    return _share(asked.where(lambda row: row.completeness[name]), asked, study)


def _share(part: People, of: People, study: Study) -> Cell:
    if study.audience != "public" or not len(of):
        return share(part, of)
    least = max(0, 100 * (len(of) - study.threshold + 1) / len(of) // COARSE * COARSE)
    missing = of.without(part)
    return replace(share(part, of), tells=marks(missing), few_missing=f"{least:.0f} % or more")


def _columns(study: Study, people: People) -> dict[str, People]:
    sites = by_site(people, study)
    return {**(sites if len(sites) > 1 else {}), "All sites": people}


def _completeness(study: Study, people: People) -> Table:
    columns = _columns(study, people)
    cutoff = study.cutoff.toordinal()

    def confirmed(row: AnalysisRow) -> bool:
        return row.vital_status == "dead" or (
            row.last_contact is not None and cutoff - row.last_contact <= CONFIRMED_WITHIN_DAYS
        )

    rows = [
        Row("Patients", tuple(number(group) for group in columns.values())),
        Row("Recorded, of those in whom it can be", ()),
        *(
            Row(words, tuple(recorded(group, name, study) for group in columns.values()), 1)
            for name, words in CORE.items()
        ),
        Row(
            f"Dead, or alive in the {CONFIRMED_WITHIN_DAYS} days before the cut-off",
            tuple(_share(group.where(confirmed), group, study) for group in columns.values()),
        ),
    ]
    targets = "; ".join(f"{CORE[name].lower()} {aim:.0%}" for name, aim in TARGETS.items())
    last = len(columns) - 1
    counted = [place for place, row in enumerate(rows) if row.cells] if last else []
    return Table(
        "t8_completeness",
        "Table 8. Completeness of the core set by site.",
        "",
        tuple(columns),
        tuple(rows),
        (
            (
                "At month 2 a value is expected of patients who were alive, neither irradiated again nor withdrawn, "
                "and whose time of assessment was over."
            ),
            f"The registry aims at: {targets}.",
        ),
        tuple(((row, last), *((row, column) for column in range(last))) for row in counted),
    )


def _habits(study: Study, people: People) -> Table:
    """Figures about records, not about patients: no count of patients is among them.

    How many questions are open is for staff: one question is about one patient, and as many as rules have any are about
    one patient each.
    """
    columns = _columns(study, people)

    def row(head: str, figure: Callable[[People], Cell]) -> Row:
        return Row(head, tuple(map(figure, columns.values())))

    open_questions = (
        row("Open questions per 100 patients", lambda group: _open(group, -1)),
        row(f"… open more than {OLD_DAYS} days", lambda group: _open(group, OLD_DAYS)),
    )
    return Table(
        "t8_habits",
        "Table 8b. Habits of recording, by site.",
        "",
        tuple(columns),
        (
            row("Dates known to the month or year only", _vague_dates),
            row("Worst-pain scores of 0, 5 or 10", _round_scores),
            *(open_questions if study.audience == "staff" else ()),
        ),
        ("Of eleven scores three are 0, 5 or 10; a far larger share hints at guessed scores.",),
    )


def _percent(people: People, part: int, of: int, what: str) -> Cell:
    if not of:
        return text("–")
    rests_on = what if people.study.audience == "public" else f"{part:,} of {of:,} {what}"
    return other(100 * part / of, rests_on, unit=" %")


def _vague_dates(people: People) -> Cell:
    vague, dates = _sum(people, lambda row: row.partial_dates), _sum(people, lambda row: row.dates)
    return _percent(people, vague, dates, "dates")


def _sum(people: People, number: Callable[[AnalysisRow], int]) -> int:
    return sum(value * patients for value, patients in people.counts(number).items())


def _round_scores(people: People) -> Cell:
    chosen, scores = _sum(people, lambda row: row.round_scores), _sum(people, lambda row: row.scores)
    return _percent(people, chosen, scores, "scores")


def _open(people: People, older_than: int) -> Cell:
    if not len(people):
        return text("–")
    return other(100 * questions(people, older_than) / len(people), "questions per 100 patients")


def _build(study: Study) -> tuple[Block, ...]:
    people = enrolled(study)
    if not len(people):
        return (Paragraph("There are too few patients to be told of.", "warning"),)
    return (_completeness(study, people), _habits(study, people))


SECTION = SectionSpec("quality", "Quality of the data", _build)

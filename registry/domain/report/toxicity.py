"""Table 6: adverse events, the highest grade of each patient. Exact intervals, because safety is the question."""

from collections.abc import Callable

from registry.domain.analysis import AnalysisRow
from registry.domain.report.adding_up import adding_up
from registry.domain.report.cells import number, rate, share
from registry.domain.report.document import Block, Cell, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.sets import treated
from registry.domain.report.words import plain

TERMS = {
    **plain(
        (
            "pain_flare",
            "diarrhoea",
            "nausea",
            "vomiting",
            "enteritis",
            "radiation_dermatitis",
            "fatigue",
            "cystitis",
            "bowel_obstruction",
            "fracture",
            "somnolence",
            "delirium",
            "constipation",
            "respiratory_depression",
        )
    ),
    "perforation_fistula": "perforation or fistula",
    "neuropathy_plexopathy": "neuropathy or plexopathy",
}
"""The events asked for at every visit; all others are one row, because their names are the sites' own words."""

SEVERE = 3

Grade = Callable[[AnalysisRow], int | None]


def _of_term(term: str) -> Grade:
    return lambda row: row.toxicity.get(term)


def _of_others(row: AnalysisRow) -> int | None:
    return max((grade for term, grade in row.toxicity.items() if term not in TERMS), default=None)


def _highest(row: AnalysisRow) -> int | None:
    return row.toxicity_max_grade


def _cells(people: People, grade: Grade, public: bool) -> tuple[Cell, ...]:
    """Patients by highest grade, with any grade, and with a severe one."""
    affected = people.where(lambda row: grade(row) is not None)
    by_grade = affected.split(grade)
    nobody = People(people.study, ())
    severe = affected.where(lambda row: (grade(row) or 0) >= SEVERE)
    each = () if public else tuple(number(by_grade.get(g, nobody)) for g in range(1, 6))
    return (*each, share(affected, people), rate(severe, people))


def _build(study: Study) -> tuple[Block, ...]:
    people, public = treated(study), study.audience == "public"
    if not len(people):
        return (Paragraph("There are too few treated patients to be told of.", "warning"),)
    kinds: dict[str, Grade] = {"Any event": _highest}
    kinds |= {words: _of_term(term) for term, words in TERMS.items() if _anybody(people, _of_term(term))}
    if _anybody(people, _of_others):
        kinds["other events"] = _of_others
    grades = () if public else tuple(f"Grade {grade}" for grade in range(1, 6))
    rows = tuple(
        Row(words, _cells(people, grade, public), int(grade is not _highest))
        for words, grade in kinds.items()
    )
    sums = [] if public else [((row, 5), *((row, column) for column in range(5))) for row in range(len(rows))]
    sums += adding_up(rows, range(1, len(rows)), range(len(grades), len(grades) + 2))
    return (
        Table(
            "t6_toxicity",
            "Table 6. Adverse events of treated patients: highest grade (CTCAE 5).",
            "",
            (*grades, "Any grade", "Grade 3 or more"),
            rows,
            (
                (
                    "Whatever the cause. A patient without a recorded event may have had none or may not have been asked: "
                    "the shares are lower bounds. Clopper-Pearson 95 % intervals."
                ),
            ),
            tuple(sums),
        ),
    )


def _anybody(people: People, grade: Grade) -> bool:
    return len(people.where(lambda row: grade(row) is not None)) > 0


SECTION = SectionSpec("toxicity", "Adverse events", _build)

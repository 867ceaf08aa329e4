"""Table 10: withdrawals of consent and what they mean for the data. Counts only; reasons are nobody's business."""

from registry.domain.report.cells import number
from registry.domain.report.collapse import pooled, smallest_group
from registry.domain.report.document import Block, Row, SectionSpec, Study, Table
from registry.domain.report.sets import OF_SITES, chain, told

LEVELS = {
    None: "no withdrawal",
    "no_further_contact": "no further contact",
    "no_further_collection": "no further collection: data until then are used, observation ends there",
    "stop_use_of_existing": "no further use: left out of this report and of all later ones",
    "erase": "erasure: left out, the data are destroyed",
}


def _build(study: Study) -> tuple[Block, ...]:
    people = told(study).get(OF_SITES, chain(study)[OF_SITES])
    found = people.split(lambda row: row.withdrawal)
    groups = pooled(
        {words: found[level] for level, words in LEVELS.items() if level in found},
        smallest_group(study),
        "withdrawn or not: too few withdrew to be told of",
    )
    rows = [Row("Patients of the sites", (number(people),))]
    rows += [Row(words, (number(group),), 1) for words, group in groups.items()]
    return (
        Table(
            "t10_withdrawals",
            "Table 10. Withdrawals in force at the cut-off.",
            "",
            ("Patients",),
            tuple(rows),
            ("Reports made before a withdrawal are not changed; they are flagged.",),
            (((0, 0), *((row, 0) for row in range(1, len(rows)))),) if groups else (),
        ),
    )


SECTION = SectionSpec("withdrawals", "Withdrawals", _build)

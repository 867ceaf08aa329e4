"""Table 9: open questions about the data, by rule: in how many patients, and how long open."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.domain.analysis.columns import Places
from registry.domain.report.cells import number, other, share, text
from registry.domain.report.document import Block, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.sets import enrolled, literature
from registry.domain.rules import RULES

OLD_DAYS = 30
TITLES = {rule.id: rule.title for rule in RULES}
BLOCKING = {rule.id for rule in RULES if rule.blocking}


class Queries(NamedTuple):
    """All open queries of a study as columns: the place of the patient, the rule, the age in days."""

    places: Places
    rules: NDArray[np.str_]
    ages: NDArray[np.int32]


def queries_of(study: Study) -> Queries:
    """The open queries of all cases."""
    if "queries" not in study.memo:
        every = [(place, rule, age) for place, one in enumerate(study.queries) for rule, age in one]
        places, rules, ages = zip(*every, strict=True) if every else ((), (), ())
        study.memo["queries"] = Queries(
            np.array(places, dtype=np.intp), np.array(rules, dtype=np.str_), np.array(ages, dtype=np.int32)
        )
    found: Queries = study.memo["queries"]
    return found


def asked(people: People, rule: str, older_than: int = -1) -> People:
    """Those about whom a query of the rule is open for more than so many days."""
    queries = queries_of(people.study)
    these = queries.places[(queries.rules == rule) & (queries.ages > older_than)]
    return People(people.study, np.unique(these)).among(people)


def questions(people: People, older_than: int = -1) -> int:
    """How many queries about these patients are open for more than so many days."""
    queries = queries_of(people.study)
    return int(np.count_nonzero(people.holds(queries.places) & (queries.ages > older_than)))


def _build(study: Study) -> tuple[Block, ...]:
    people, published = enrolled(study), literature(study)
    seen = [
        rule
        for rule in np.unique(queries_of(study).rules).tolist()
        if len(asked(people, rule)) or len(asked(published, rule))
    ]
    if not seen:
        return (Paragraph("No question is open."),)
    rows = tuple(
        Row(
            f"{rule} {TITLES.get(rule, '')}".strip() + (" (blocks the analysis)" if rule in BLOCKING else ""),
            (
                number(found := asked(people, rule)),
                share(asked(people, rule, OLD_DAYS), found) if len(found) else text("–"),
                other(len(asked(published, rule)), "published cases"),
            ),
        )
        for rule in seen
    )
    return (
        Table(
            "t9_queries",
            "Table 9. Open questions by rule.",
            "Rule",
            ("Patients", f"Open more than {OLD_DAYS} days", "Published cases"),
            rows,
            (
                (
                    "A question never changes data. Discrepancies of published cases can not be answered any more and "
                    "stay open; nothing in them was mended."
                ),
            ),
        ),
    )


SECTION = SectionSpec("queries", "Open questions", _build)

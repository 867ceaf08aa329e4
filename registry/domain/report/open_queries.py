"""Table 9: open questions about the data, by rule: in how many patients, and how long open."""

from collections import Counter

from registry.domain.report.cells import number, share, text
from registry.domain.report.document import Block, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.sets import enrolled, literature
from registry.domain.rules import RULES

OLD_DAYS = 30
TITLES = {rule.id: rule.title for rule in RULES}
BLOCKING = {rule.id for rule in RULES if rule.blocking}


def rules_of(study: Study, place: int) -> set[str]:
    """The rules with an open query about a case."""
    return {rule for rule, _ in study.queries[place]}


def asked(people: People, rule: str, older_than: int = -1) -> People:
    """Those about whom a query of the rule is open for more than so many days."""
    queries = people.study.queries
    places = [
        place
        for place in people.places
        if any(known == rule and age > older_than for known, age in queries[place])
    ]
    return People(people.study, places)


def _build(study: Study) -> tuple[Block, ...]:
    people, published = enrolled(study), literature(study)
    seen = Counter(
        rule for group in (people, published) for place in group.places for rule in rules_of(study, place)
    )
    if not seen:
        return (Paragraph("No question is open."),)
    rows = tuple(
        Row(
            f"{rule} {TITLES.get(rule, '')}".strip() + (" (blocks the analysis)" if rule in BLOCKING else ""),
            (
                number(found := asked(people, rule)),
                share(asked(people, rule, OLD_DAYS), found) if len(found) else text("–"),
                text(str(len(asked(published, rule)))),
            ),
        )
        for rule in sorted(seen)
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

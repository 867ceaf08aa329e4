"""How far the response depends on the table by which opioid doses are compared.

Tramadol 200 mg a day is 40 mg of oral morphine by one table and 20 by another: a change of drug may be an increase by
the one and a reduction by the other.
"""

from registry.domain.analysis import AnalysisRow, WindowRow
from registry.domain.outcomes.opioid_tables import table_ids
from registry.domain.report.answers import answers, window_of
from registry.domain.report.cells import rate, share
from registry.domain.report.document import Block, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.plan import PRIMARY_WINDOW
from registry.domain.report.sets import treated


def _by(table: str, window: WindowRow) -> str | None:
    return (window.by_table or {}).get(table)


def _build(study: Study) -> tuple[Block, ...]:
    people = treated(study)
    if not len(people):
        return (Paragraph("There are too few treated patients to be told of.", "warning"),)
    rows = []
    for table in table_ids():
        found = answers(people, PRIMARY_WINDOW, lambda window, table=table: _by(table, window))  # type: ignore[misc]

        def differs(row: AnalysisRow, table: str = table) -> bool:
            window = window_of(row, PRIMARY_WINDOW)
            return window.category != _by(table, window)

        primary = " (primary)" if table == study.versions.get("opioid table") else ""
        rows.append(
            Row(
                table + primary,
                (
                    rate(found.responders, people),
                    rate(found.responders, found.assessable),
                    share(people.where(differs), people),
                ),
            )
        )
    return (
        Table(
            "opioid_tables",
            "Response at month 2 by the table that converts opioid doses.",
            "Table",
            ("Of all treated", "Of the assessable", "Another category than by the primary table"),
            tuple(rows),
            (
                "Conversion factors are for comparing exposure; they are not for changing a patient's opioid (CDC 2022).",
            ),
        ),
    )


SECTION = SectionSpec("opioid-tables", "Dependence on the opioid table", _build)

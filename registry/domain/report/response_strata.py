"""Table 4b: response at month 2 in groups that are known to respond differently, and responses told in words only.

Prior opioid use and earlier irradiation: 75 % of lesions responded with neither, 36 % with both (UMIN000044984).
"""

from registry.domain.analysis import AnalysisRow
from registry.domain.report.answers import answers
from registry.domain.report.cells import number, rate
from registry.domain.report.collapse import pooled, smallest_group
from registry.domain.report.document import Block, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import PRIMARY_WINDOW
from registry.domain.report.sets import treated
from registry.domain.report.words import said

UNKNOWN = "not known"


def _load(row: AnalysisRow) -> str:
    opioid = row.response.prior_opioid if row.response else None
    again = row.response.reirradiation if row.response else None
    if opioid is None or again is None:
        return UNKNOWN
    names = {
        (False, False): "neither",
        (True, False): "opioid at baseline",
        (False, True): "irradiated before",
        (True, True): "both",
    }
    return names[opioid, again]


def _kind(row: AnalysisRow) -> str:
    return said(row.response.kind) if row.response else UNKNOWN


STRATA = {
    "Index treatment": (_kind, ("radiotherapy", "systemic")),
    "Opioid at baseline and earlier irradiation of the target": (
        _load,
        ("neither", "opioid at baseline", "irradiated before", "both", UNKNOWN),
    ),
}


def _strata(study: Study, people: People) -> Table:
    rows: list[Row] = [_row("All treated", people, 0)]
    totals: list[tuple[tuple[int, int], ...]] = []
    for head, (key, order) in STRATA.items():
        rows.append(Row(head, ()))
        found = people.split(key)
        groups = pooled(
            {name: found[name] for name in order if name in found}, smallest_group(study), "other"
        )
        places = [len(rows) + i for i in range(len(groups))]
        totals += [((0, column), *((row, column) for row in places)) for column in range(3)]
        rows.extend(_row(name, group, 1) for name, group in groups.items())
    return Table(
        "t4_strata",
        "Table 4b. Response rate at month 2 by treatment, opioid use and earlier irradiation.",
        "",
        ("Treated", "Of all treated", "Of the assessable"),
        tuple(rows),
        ("Groups are not compared by tests: who is treated how is no accident.",),
        tuple(totals),
    )


def _row(name: str, people: People, level: int) -> Row:
    found = answers(people, PRIMARY_WINDOW)
    cells = (number(people), rate(found.responders, people), rate(found.responders, found.assessable))
    return Row(name, cells, level)


def _told_in_words(people: People) -> Table | None:
    def only_words(row: AnalysisRow) -> bool:
        response = row.response
        return response is not None and response.narrative is not None and response.best.category is None

    silent = people.where(only_words)
    if not len(silent):
        return None
    found = silent.split(lambda row: (row.response.narrative if row.response else None) or "")
    return Table(
        "t4_narrative",
        "Treated patients whose response is told in words only. They are not responders of any rate above.",
        "In words",
        ("Patients",),
        tuple(Row(said(word), (number(group),)) for word, group in sorted(found.items())),
    )


def _build(study: Study) -> tuple[Block, ...]:
    people = treated(study)
    if not len(people):
        return (Paragraph("There are too few treated patients to be told of.", "warning"),)
    words = _told_in_words(people)
    return (_strata(study, people), *((words,) if words else ()))


SECTION = SectionSpec("response-strata", "Response in groups", _build)

"""Table 4: symptom response by the international consensus, with both denominators, and why the others have none.

Whoever is not evaluable stays in the denominator of the first rate as a non-responder, the dead above all; the second
rate is of those assessed. Neither alone tells what happened (Saito et al. 2018).
"""

from collections.abc import Callable, Mapping

from registry.domain.report.answers import RESPONDERS, Answers, answers
from registry.domain.report.cells import number, rate, share
from registry.domain.report.document import Block, Cell, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import PRIMARY_WINDOW, WINDOWS
from registry.domain.report.sets import treated
from registry.domain.report.words import CATEGORIES, NOT_EVALUABLE

Part = tuple[str, Callable[[Answers], People]]


def categories_told(study: Study, found: Mapping[str, Answers]) -> dict[str, tuple[str, ...]]:
    """The categories by name, responders and non-responders only where the public would see one of few patients."""
    small = any(
        0 < len(people) < study.threshold for one in found.values() for people in one.categories.values()
    )
    if study.audience == "public" and small:
        return {"Responders (CR, PR)": RESPONDERS, "Non-responders (IR, PP)": ("IR", "PP")}
    return {words: (code,) for code, words in CATEGORIES.items()}


def reasons_told(study: Study, found: Mapping[str, Answers]) -> dict[str, tuple[str, ...]]:
    """The reasons by name; only death apart where the public would see one of few patients."""
    present = {
        reason: words
        for reason, words in NOT_EVALUABLE.items()
        if any(reason in one.reasons for one in found.values())
    }
    small = any(
        0 < len(people) < study.threshold for one in found.values() for people in one.reasons.values()
    )
    if study.audience == "public" and small:
        others = tuple(reason for reason in present if reason != "died_before_window")
        return {"died before the assessment": ("died_before_window",), "alive, no response known": others}
    return {words: (reason,) for reason, words in present.items()}


def response_table(study: Study, found: Mapping[str, Answers]) -> Table:
    """Rows of one window per column: categories, reasons, and the rates with both denominators."""
    rows: list[Row] = []
    totals: list[tuple[tuple[int, int], ...]] = []

    def add(head: str, cell: Callable[[Answers], Cell], level: int = 0) -> int:
        rows.append(Row(head, tuple(cell(one) for one in found.values()), level))
        return len(rows) - 1

    def sums(total: int, parts: list[int]) -> None:
        totals.extend(((total, column), *((row, column) for row in parts)) for column in range(len(found)))

    all_of_them = add("Treated", lambda one: number(one.treated))
    assessable = add("Assessable", lambda one: share(one.assessable, one.treated), 1)
    kinds = [
        add(words, lambda one, codes=codes: share(_union(one.categories, codes, one), one.treated), 2)  # type: ignore[misc]
        for words, codes in categories_told(study, found).items()
    ]
    missing = add("Not assessable", lambda one: share(one.not_assessable, one.treated), 1)
    reasons = [
        add(words, lambda one, codes=codes: share(_union(one.reasons, codes, one), one.treated), 2)  # type: ignore[misc]
        for words, codes in reasons_told(study, found).items()
    ]
    sums(all_of_them, [assessable, missing])
    sums(assessable, kinds)
    sums(missing, reasons)
    add("Response rate of all treated", lambda one: rate(one.responders, one.treated))
    late = max(len(one.treated) - len(one.due) for one in found.values())
    if late and not (study.audience == "public" and late < study.threshold):
        add("… of the treated whose assessment was due", lambda one: rate(one.responders, one.due))
    add("Response rate of the assessable", lambda one: rate(one.responders, one.assessable))
    return Table(
        "t4_response",
        "Table 4. Symptom response after treatment of the syndrome.",
        "",
        tuple(WINDOWS.get(window, window) for window in found),
        tuple(rows),
        (
            (
                "Response rate: complete or partial response, of all treated (whoever is not assessable counts as no "
                "response) and of the assessable; Clopper-Pearson 95 % intervals."
            ),
            (
                "International consensus (Chow et al. 2002, 2012): worst pain of 24 h at the index site and oral morphine "
                "equivalent of the same 24 h. A patient with two treated sides has the response of the worse one."
            ),
            "Months are counted from the end of radiotherapy, or from the start of systemic therapy.",
            "Who is alive and whose time of assessment is not over counts as no response in the first rate.",
        ),
        tuple(totals),
    )


def _union(parts: Mapping[str, People], codes: tuple[str, ...], one: Answers) -> People:
    return People(one.treated.study, ()).together(*(parts[code] for code in codes if code in parts))


def _picture(study: Study, found: Mapping[str, Answers]) -> Figure:
    told = categories_told(study, found)
    bars = [
        {
            "label": WINDOWS[window],
            "n": number(one.treated),
            "counts": [
                *(number(_union(one.categories, codes, one)) for codes in told.values()),
                number(one.not_assessable),
            ],
        }
        for window, one in found.items()
    ]
    main = found[PRIMARY_WINDOW]
    return Figure(
        "f_response",
        "bars",
        "Symptom response of all treated patients.",
        {
            "layout": "stacked",
            "measure": "Treated patients",
            "categories": [*told, "Not assessable"],
            "bars": bars,
        },
        "One bar for each assessment, split by response; numbers are those of table 4. At month 2 {responders} "
        "responded and {missing} could not be assessed.",
        cells={
            "responders": rate(main.responders, main.treated),
            "missing": rate(main.not_assessable, main.treated),
        },
    )


def _build(study: Study) -> tuple[Block, ...]:
    given = treated(study)
    if not len(given):
        return (Paragraph("There are too few treated patients to be told of.", "warning"),)
    found = {window: answers(given, window) for window in WINDOWS}
    return (_picture(study, found), response_table(study, found))


SECTION = SectionSpec("response", "Symptom response", _build)

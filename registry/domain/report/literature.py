"""What is published, for context only: Table I of Takamatsu et al. 2018 computed again, benchmarks, published cases.

None of it enters an estimate of this report. Published patients are no secret, so nothing here is hidden.
"""

from registry.domain.analysis import AnalysisRow
from registry.domain.codes.site_groups import groups
from registry.domain.literature.papers import untraced
from registry.domain.literature.published import benchmarks, table_one
from registry.domain.literature.table_one import DECLARED, Comparison, declared_versus_computed
from registry.domain.report.cells import EMPTY, other, text
from registry.domain.report.document import Block, Cell, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.plan import DISPUTED
from registry.domain.report.sets import literature
from registry.domain.report.words import NOT_EVALUABLE, said

CASES = "published cases"


def _table_one(found: Comparison) -> Table:
    by_group = tuple(
        Row(
            group,
            (
                other(cases, CASES),
                _percent(cases, found.computed_total),
                _percent(cases, found.declared_total),
                other(DECLARED.percent[group], "as printed", unit=" %")
                if group in DECLARED.percent
                else text("–"),
            ),
        )
        for group, cases in found.subtotals.items()
    )
    rows, stated = found.computed_total, found.declared_total
    total = Row("Sum of the rows", (other(rows, CASES), _percent(rows, rows), EMPTY, EMPTY))
    declared = Row("Declared in the text", (other(stated, CASES), EMPTY, _percent(stated, stated), EMPTY))
    return Table(
        "literature_table_1",
        "Primary sites of published cases of malignant psoas syndrome: Table I of Takamatsu et al. 2018, computed again.",
        "Primary site",
        ("Cases", f"% of {found.computed_total}", f"% of {found.declared_total}", "% printed"),
        (*by_group, total, declared),
        (
            (
                f"The declared total is conditional: {DECLARED.condition}. The three patients of the paper itself are "
                f"{'' if DECLARED.includes_index_cases else 'not '}counted."
            ),
        ),
    )


def _percent(cases: int, of: int) -> Cell:
    return other(100 * cases / of, f"{cases} of {of} published cases", 2, " %")


def _discrepancies(found: Comparison) -> Table:
    rows = tuple(
        Row(finding.rule, (text(finding.message),)) for finding in (*found.findings, *untraced(table_one()))
    )
    return Table(
        "literature_discrepancies",
        "Discrepancies found in the published table, with their arithmetic. Nothing was mended.",
        "Code",
        ("What was found",),
        rows,
    )


def _benchmarks() -> Table:
    rows = tuple(
        Row(
            one.source,
            (
                text("not stated") if one.patients is None else other(one.patients, "published patients"),
                *(
                    text(words or "not stated")
                    for words in (
                        one.population,
                        one.treatment,
                        one.response,
                        one.survival,
                        one.origin,
                        one.status,
                    )
                ),
            ),
        )
        for one in benchmarks()
    )
    return Table(
        "literature_benchmarks",
        "Published figures, each with the population and the time origin it belongs to.",
        "Source",
        ("n", "Population", "Treatment", "Response", "Survival", "Counted from", "How far verified"),
        rows,
        (
            "Populations and origins differ: the figures cannot be compared with each other or with this registry.",
        ),
    )


def _survival(row: AnalysisRow) -> str:
    time = row.os_onset
    if time.exit_lo is None:
        return "not stated"
    span = (
        f"{time.exit_lo} days or more" if time.exit_hi is None else f"{time.exit_lo} to {time.exit_hi} days"
    )
    said = f"died after {span}" if time.event else f"alive after {span}"
    return said + ("; origin disputed: onset or diagnosis" if DISPUTED in time.flags else "")


def _responded(row: AnalysisRow) -> tuple[str, str, str]:
    response = row.response
    if response is None:
        return "not stated", "–", "–"
    best = response.best
    category = best.category or f"not evaluable: {NOT_EVALUABLE.get(best.reason or '', 'not stated')}"
    return (
        response.narrative.replace("_", " ") if response.narrative else "not stated",
        category,
        said(response.assisted),
    )


def _cases(study: Study) -> Table | None:
    titles = groups()
    rows = tuple(
        Row(
            f"Published case {place}",
            tuple(
                text(words)
                for words in (
                    titles[row.site_group],
                    said(row.mps_class),
                    said(row.treatment),
                    *_responded(row),
                    _survival(row),
                )
            ),
        )
        for place, row in enumerate(literature(study), 1)
    )
    if not rows:
        return None
    return Table(
        "literature_cases",
        "Published cases in the registry, with what can be derived of them. In no estimate of this report.",
        "",
        (
            "Primary site",
            "Class",
            "Treatment",
            "Response in words",
            "Consensus response",
            "Assisted",
            "From onset",
        ),
        rows,
        (
            "A response told in words is no consensus response; assisted: the opioid dose alone shows a partial one.",
        ),
    )


def _build(study: Study) -> tuple[Block, ...]:
    cases = _cases(study)
    found = declared_versus_computed(table_one(), DECLARED.total, DECLARED.percent)
    return (
        Paragraph(
            "Published cases and figures stand here for context. They are never pooled with the patients of this "
            "registry: who is published differs from who is not."
        ),
        *((cases,) if cases else ()),
        _table_one(found),
        _discrepancies(found),
        _benchmarks(),
    )


SECTION = SectionSpec("literature", "What is published", _build)

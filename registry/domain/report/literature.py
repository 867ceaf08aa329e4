"""What is published, for context only: Table I of Takamatsu et al. 2018 computed again, benchmarks, published cases.

None of it enters an estimate of this report. Published patients are no secret, so nothing here is hidden.
"""

from registry.domain.literature.papers import untraced
from registry.domain.literature.published import benchmarks, table_one
from registry.domain.literature.table_one import DECLARED, Comparison, declared_versus_computed
from registry.domain.report.cells import text
from registry.domain.report.document import Block, Paragraph, Row, SectionSpec, Study, Table


def _table_one(found: Comparison) -> Table:
    groups = tuple(
        Row(
            group,
            (
                text(str(cases)),
                text(f"{100 * cases / found.computed_total:.2f} %"),
                text(f"{100 * cases / found.declared_total:.2f} %"),
                text(f"{DECLARED.percent[group]} %" if group in DECLARED.percent else "–"),
            ),
        )
        for group, cases in found.subtotals.items()
    )
    total = Row("Sum of the rows", (text(str(found.computed_total)), text("100 %"), text(""), text("")))
    declared = Row(
        "Declared in the text", (text(str(found.declared_total)), text(""), text("100 %"), text(""))
    )
    return Table(
        "literature_table_1",
        "Primary sites of published cases of malignant psoas syndrome: Table I of Takamatsu et al. 2018, computed again.",
        "Primary site",
        ("Cases", f"% of {found.computed_total}", f"% of {found.declared_total}", "% printed"),
        (*groups, total, declared),
        (
            (
                f"The declared total is conditional: {DECLARED.condition}. The three patients of the paper itself are "
                f"{'' if DECLARED.includes_index_cases else 'not '}counted."
            ),
        ),
    )


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
    def said(words: str) -> str:
        return words or "not stated"

    rows = tuple(
        Row(
            one.source,
            tuple(
                text(said(words))
                for words in (
                    "" if one.patients is None else str(one.patients),
                    one.population,
                    one.treatment,
                    one.response,
                    one.survival,
                    one.origin,
                    one.status,
                )
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


def _build(study: Study) -> tuple[Block, ...]:
    found = declared_versus_computed(table_one(), DECLARED.total, DECLARED.percent)
    return (
        Paragraph(
            "Published cases and figures stand here for context. They are never pooled with the patients of this "
            "registry: who is published differs from who is not."
        ),
        _table_one(found),
        _discrepancies(found),
        _benchmarks(),
    )


SECTION = SectionSpec("literature", "What is published", _build)

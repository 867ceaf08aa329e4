"""The conservation ledger: every submission that was received is accepted, rejected, failed or still waiting.

Submissions are messages, not patients; a site too small to be told of is pooled with others all the same.
"""

from collections.abc import Iterable

from registry.domain.report.cells import other
from registry.domain.report.collapse import pooled, smallest_group
from registry.domain.report.document import Block, Paragraph, Row, SectionSpec, SiteFlow, Study, Table
from registry.domain.report.people import People

OTHER_SITES = "other sites"


def unbalanced(ledger: Iterable[SiteFlow]) -> list[str]:
    """Sites whose submissions do not add up: machinery that lost or doubled something."""
    return [
        flow.site
        for flow in ledger
        if flow.received != flow.accepted + flow.rejected + flow.failed + flow.waiting
    ]


def together(flows: Iterable[SiteFlow], name: str) -> SiteFlow:
    """Several sites as one."""
    sums = [0, 0, 0, 0, 0]
    for flow in flows:
        for i, count in enumerate((flow.received, flow.accepted, flow.rejected, flow.failed, flow.waiting)):
            sums[i] += count
    return SiteFlow(name, *sums)


def flows_told(study: Study) -> list[SiteFlow]:
    """The ledger with sites of few patients pooled, as far as the audience asks for it."""
    patients = People.everyone(study).by_site()
    none = People(study, ())
    groups = {flow.site: patients.get(flow.site, none) for flow in study.ledger}
    kept = pooled(groups, smallest_group(study) if study.audience == "public" else 0, OTHER_SITES)
    told = [flow for flow in study.ledger if flow.site in kept]
    rest = [flow for flow in study.ledger if flow.site not in kept]
    return [*told, together(rest, OTHER_SITES)] if rest else told


def _build(study: Study) -> tuple[Block, ...]:
    told = flows_told(study)
    rows = tuple(
        Row(
            flow.site,
            tuple(
                other(count, "submissions")
                for count in (flow.received, flow.accepted, flow.rejected, flow.failed, flow.waiting)
            ),
        )
        for flow in (*told, together(study.ledger, "All sites"))
    )
    lost = unbalanced(study.ledger)
    table = Table(
        "ledger",
        "Submissions by site and what became of them.",
        "Site",
        ("Received", "Accepted", "Rejected", "Failed", "Waiting"),
        rows,
        ("Received = accepted + rejected + failed + waiting. A case may take many submissions.",),
    )
    if not lost:
        return (table,)
    return (
        Paragraph(f"Submissions do not add up for {len(lost)} sites: look at the ledger.", "warning"),
        table,
    )


SECTION = SectionSpec("ledger", "What was received", _build)

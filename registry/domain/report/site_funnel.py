"""Figure 8: response at month 2 by site, within the limits chance alone would keep (Spiegelhalter 2005)."""

from collections.abc import Sequence

from scipy.special import bdtrik

from registry.domain.report.answers import answers
from registry.domain.report.cells import number, rate
from registry.domain.report.collapse import pooled, smallest_group
from registry.domain.report.document import Block, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.ledger import OTHER_SITES
from registry.domain.report.plan import PRIMARY_WINDOW
from registry.domain.report.sets import treated

LEVELS = {"95 %": 0.025, "99.8 %": 0.001}
MOST_POINTS = 200


def limits(share: float, sizes: Sequence[int], tail: float) -> list[list[float]]:
    """(n, low, high) for each size: binomial limits, interpolated between whole numbers of responders."""
    points = []
    for n in sizes:
        low, high = (float(bdtrik(p, n, share)) for p in (tail, 1 - tail))
        points.append([n, _within(low / n), _within(high / n)])
    return points


def _within(value: float) -> float:
    return (
        0.0 if not value > 0 else min(value, 1.0)
    )  # bdtrik is NaN where even nobody is more probable than the tail


def _build(study: Study) -> tuple[Block, ...]:
    people = treated(study)
    found = people.by_site()
    sites = pooled({site: found[site] for site in sorted(found)}, smallest_group(study), OTHER_SITES)
    total = answers(people, PRIMARY_WINDOW)
    if len(sites) < 2 or not len(total.responders) or len(total.responders) == len(people):
        return (Paragraph("There are too few sites or responses to compare sites.", "warning"),)
    by_site = {site: answers(group, PRIMARY_WINDOW) for site, group in sites.items()}
    most = -(-max(len(group) for group in sites.values()) // 10) * 10
    sizes = range(1, most + 1, max(1, most // MOST_POINTS))
    share = len(total.responders) / len(people)
    rows = tuple(
        Row(site, (number(one.treated), rate(one.responders, one.treated)))
        for site, one in {**by_site, "All sites": total}.items()
    )
    last = len(rows) - 1
    return (
        Figure(
            "f8_funnel",
            "funnel",
            "Figure 8. Response rate at month 2 of all treated, by site.",
            {
                "measure": "Responders at month 2",
                "share": rate(total.responders, people),
                "limits": [
                    {"name": name, "points": limits(share, sizes, tail)} for name, tail in LEVELS.items()
                ],
                "sites": [
                    {"label": site, "n": number(one.treated), "count": number(one.responders)}
                    for site, one in by_site.items()
                ],
            },
            "A point for each site: its number of treated patients and its response rate, with the limits chance alone "
            "would keep round the rate of all sites, {all}. The table has the numbers.",
            Table(
                "f8_funnel_numbers",
                "Numbers of figure 8.",
                "Site",
                ("Treated", "Response rate of all treated"),
                rows,
                (
                    "Sites treat different patients: a point outside the limits is a reason to look, not a verdict.",
                ),
                tuple(((last, column), *((row, column) for row in range(last))) for column in range(2)),
            ),
            cells={"all": rate(total.responders, people)},
        ),
    )


SECTION = SectionSpec("funnel", "Response by site", _build)

"""Table 2: the same patients by site, to see where sites differ in whom they enrol or in what they record."""

from registry.domain.report.baseline import describe, notes
from registry.domain.report.document import Block, Paragraph, SectionSpec, Study
from registry.domain.report.grid import Grid
from registry.domain.report.quality import by_site
from registry.domain.report.sets import analysed


def _build(study: Study) -> tuple[Block, ...]:
    people = analysed(study)
    sites = by_site(people, study)
    if len(sites) < 2:
        return (Paragraph("There are too few patients by site to be told of."),)
    grid = Grid(sites, people, "All sites")
    describe(grid)
    caption = "Table 2. Patients at baseline, by site."
    seen = "Differences between sites are a reason to look at the data, not a finding about the illness."
    return (grid.table("t2_sites", caption, "", (seen, *notes(study))),)


SECTION = SectionSpec("sites", "Patients by site", _build)

"""What the report is about and what it was made from: enough to make it again."""

from registry.domain.report.cells import text
from registry.domain.report.collapse import pooled, smallest_group
from registry.domain.report.document import Block, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.sets import enrolled

DESCRIPTIVE = (
    "This report is descriptive: counts, estimates and intervals, no tests. It is report number {look} for this "
    "audience; intervals are not adjusted for repeated looks."
)


def _build(study: Study) -> tuple[Block, ...]:
    sites = enrolled(study).by_site()
    told = pooled(sites, smallest_group(study), "other sites")
    public = "public; small numbers are hidden" if study.audience == "public" else "staff of the registry"
    facts = {
        "Design": "prospective, multi-site registry of malignant psoas syndrome",
        "Clinical data up to and including": study.cutoff.isoformat(),
        "What the registry knew at": study.as_of.isoformat(timespec="seconds"),
        "Sites with enrolled patients": f"{len(sites)}: {', '.join(told)}" if sites else "none",
        "Audience": public,
        "Smallest number told to the public" if study.audience == "public" else "Threshold": str(
            study.threshold
        ),
        **{f"Version of {name}": version for name, version in study.versions.items()},
        **({"Seal of the audit chain": study.seal} if study.seal else {}),
    }
    table = Table(
        "about",
        "What this report was made from. The same input gives the same report, to the byte.",
        "",
        ("",),
        tuple(Row(head, (text(words),)) for head, words in facts.items()),
    )
    return (Paragraph(DESCRIPTIVE.replace("{look}", str(study.look))), table)


SECTION = SectionSpec("about", "About this report", _build)

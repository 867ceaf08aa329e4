"""Assemble: the study in, the document out. One snapshot, all sections, or no report at all."""

from collections.abc import Callable, Sequence

from registry.domain.report.document import Document, Section, SectionSpec, Study
from registry.domain.report.people import People
from registry.domain.report.sections import SECTIONS

TITLE = "Malignant psoas syndrome: prospective registry report"


class SectionFailed(Exception):
    """A section could not be computed; ``section`` is its id. The last good report stays in place."""

    def __init__(self, section: str, why: Exception) -> None:
        super().__init__(f"section {section!r} failed: {type(why).__name__}: {why}")
        self.section = section


Tell = Callable[[str], None]
"""Takes what is being done, in words."""


def untold(doing: str) -> None:
    """Where nobody waits."""


def assemble(
    study: Study, snapshot_hash: str, specs: Sequence[SectionSpec] = SECTIONS, tell: Tell = untold
) -> Document:
    """All sections of the report, not yet protected (see ``registry.domain.disclosure``).

    Raises SectionFailed, naming the section.
    """
    sections = []
    for number, spec in enumerate(specs, 1):
        tell(f"section {number} of {len(specs)}: {spec.title}")
        try:
            sections.append(Section(spec.id, spec.title, spec.build(study)))
        except Exception as why:
            raise SectionFailed(spec.id, why) from why
    return Document(
        TITLE,
        None,
        study.audience,
        study.cutoff,
        study.as_of,
        snapshot_hash,
        study.versions,
        tuple(sections),
        patients=tuple(study.patients or ()) if study.audience == "public" else (),
        insiders=insiders(study),
    )


def insiders(study: Study) -> dict[str, int]:
    """The mark of each site's patients, where numbers will be hidden."""
    if study.audience != "public":
        return {}
    return {site: people.mark or 0 for site, people in People.everyone(study).by_site().items()}

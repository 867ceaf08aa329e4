"""Own views: each hospital's own figures beside those of all others, made when a public report is locked.

They are files of the report under ``own/SITE/``; a hospital reads its own and no other's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from registry.domain.disclosure.judgement import Judgement
from registry.domain.disclosure.own_view import SECTIONS, figures_of, own_view
from registry.domain.report.assemble import assemble
from registry.domain.report.document import Document, Study
from registry.domain.report.sections import SECTIONS as ALL
from registry.pipeline.frozen_cases import FrozenCases
from registry.pipeline.snapshot import Frozen
from registry.render.files import RenderedFile, render

FOLDER = "own/"
MAIN = ("report.html", "report.json")


def name_of(site: str, file: str) -> str:
    """Name of a file of a hospital's own view among the files of the report."""
    return f"{FOLDER}{site}/{file}"


def own_views(frozen: Frozen, document: Document, judgement: Judgement) -> Iterator[RenderedFile]:
    """Page and numbers for each hospital with patients in the report."""
    cases = FrozenCases.of(frozen.cases)
    for site in sorted(document.insiders):
        places = [place for place, one in enumerate(cases.sites) if one == site]
        own = figures_of(assemble(_study_of(frozen, places), "", [one for one in ALL if one.id in SECTIONS]))
        view = own_view(document, judgement, site, own)
        for file in render(view):
            if file.name in MAIN:
                yield RenderedFile(name_of(site, file.name), file.media_type, file.content)


def _study_of(frozen: Frozen, places: Sequence[int]) -> Study:
    """The patients of one hospital, whom it knows: nothing is hidden from it."""
    study = frozen.study()
    return replace(
        study,
        rows=tuple(study.rows[place] for place in places),
        sites=tuple(study.sites[place] for place in places),
        queries=tuple(study.queries[place] for place in places),
        ledger=(),
        patients=None,
        audience="staff",
    )

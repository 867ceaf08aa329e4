from dataclasses import replace

import pytest

from registry.domain.disclosure import protect
from registry.domain.report.assemble import SectionFailed, assemble
from registry.domain.report.document import Audience, Block, SectionSpec, Study
from registry.domain.report.sections import SECTIONS
from registry.render.soundness import examine
from tests.factories_analysis import a_response, a_row, a_study, untreated

ROWS = [
    *[a_row()] * 14,
    *[a_row(response_radiotherapy=a_response(None, "died_before_window"), sex="male", side="right")] * 6,
    *[untreated(mps_class="probable", site_group="urinary")] * 7,
    *[
        a_row(
            response_radiotherapy=a_response("PP"),
            site_group="lung",
            toxicity={"nausea": 3},
            toxicity_max_grade=3,
        )
    ]
    * 3,
    a_row(source_type="literature", enrolled=False),
]
SITES = ("A",) * 12 + ("B",) * 11 + ("C",) * 7 + ("LIT",)


@pytest.mark.parametrize("audience", ["staff", "public"])
@pytest.mark.parametrize("n", [0, 1, 5, 31])
def test_a_report_of_any_size_is_sound(audience: Audience, n: int) -> None:
    study = a_study(*ROWS[-n:] if n else (), sites=SITES[-n:] if n else (), audience=audience)
    document = protect(assemble(study, "f" * 64), study.threshold)
    examine(document)
    assert [section.id for section in document.sections] == [spec.id for spec in SECTIONS]


def test_sections_have_names_of_their_own() -> None:
    assert len({spec.id for spec in SECTIONS}) == len(SECTIONS)


def test_the_same_study_gives_the_same_document() -> None:
    study = a_study(*ROWS, sites=SITES)
    assert assemble(study, "f" * 64) == assemble(replace(study), "f" * 64)


def test_literature_cases_change_no_number_of_the_prospective_sections() -> None:
    with_case, without = a_study(*ROWS, sites=SITES), a_study(*ROWS[:-1], sites=SITES[:-1])
    apart = {"flow", "literature", "ledger"}
    pairs = zip(assemble(with_case, "").sections, assemble(without, "").sections, strict=True)
    for one, other in pairs:
        if one.id not in apart:
            assert one == other


def test_a_section_that_fails_names_itself() -> None:
    def fail(study: Study) -> tuple[Block, ...]:
        raise ZeroDivisionError("nobody")

    with pytest.raises(SectionFailed, match="'broken' failed: ZeroDivisionError") as caught:
        assemble(a_study(), "", (SectionSpec("broken", "Broken", fail),))
    assert caught.value.section == "broken"

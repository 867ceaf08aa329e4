"""What a report will have told when it is published, for those that follow it."""

from collections.abc import Mapping

from registry.domain.disclosure.judgement import Judgement, placed_figures
from registry.domain.disclosure.puzzle import Puzzle
from registry.domain.disclosure.readers import few, readers
from registry.domain.disclosure.series import Edition
from registry.domain.disclosure.sums import Sums
from registry.domain.report.document import Document


def edition(document: Document, judgement: Judgement) -> Edition:
    """What the report will have told when it is published."""
    quantities = judgement.quantities
    numbers = range(len(quantities.values))
    hidden = frozenset(judgement.hidden - _follow(judgement))
    return Edition(
        patients=judgement.patients,
        marks=tuple(judgement.marks),
        values=tuple(quantities.values),
        printed=tuple(quantities.uses[n] for n in numbers),
        places=tuple(tuple(sorted(quantities.places.get(n, ()))) for n in numbers),
        relations=tuple(quantities.relations),
        hidden=hidden,
        secrets=frozenset(hidden & (judgement.public.secrets | few(quantities.values, judgement.threshold))),
        before={n: judgement.public.before[n] for n in hidden},
        figures=_told_figures(document, judgement),
        threshold=judgement.threshold,
    )


def _follow(judgement: Judgement) -> set[int]:
    """Hidden quantities that follow from the sums and what is told, without anything taken for granted."""
    found = set()
    quantities = judgement.quantities
    before = readers(quantities, judgement.threshold)[0].before
    for members, sums in Sums(quantities.relations).parts(judgement.hidden):
        if sums:
            outer = Puzzle(members, sums, before, quantities.values).outer()
            found |= {number for number, left in outer.items() if left.values == 1}
    return found


def _told_figures(document: Document, judgement: Judgement) -> Mapping[str, bytes]:
    return {
        place: cell.rests_on
        for place, cell in placed_figures(document)
        if cell.rests_on is not None and cell.rests_on not in judgement.figures
    }

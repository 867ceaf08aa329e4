"""The judgement on a report: which of its numbers may be told, beside all that was published before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry.domain.disclosure.quantities import Quantities, collect, placed_cells
from registry.domain.disclosure.readers import Reader, readers
from registry.domain.disclosure.series import Edition, Series
from registry.domain.disclosure.suppress import to_hide
from registry.domain.report.document import Cell, Document


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be hidden.

    quantities  the groups of patients the report speaks of
    hidden      those of them that are not told
    figures     figures that are no counts and are not told, by what they rest on
    public      what the public knew beforehand, and must not find out
    marks       the groups in the order of ``patients``
    threshold   smallest number of patients told
    """

    quantities: Quantities
    hidden: set[int]
    figures: set[bytes]
    public: Reader
    marks: Sequence[int]
    patients: tuple[int, ...]
    threshold: int


def judge(document: Document, threshold: int, editions: Sequence[Edition] = ()) -> Judgement:
    """The judgement on a public report, given the editions published before it."""
    quantities, series = collect(document, threshold), Series(editions)
    patients = document.patients or tuple(range(max((m or 0).bit_length() for m in (*quantities.marks, 0))))
    marks = series.marks(quantities.marks, patients)
    known = series.known(quantities, marks, series.marks(document.insiders.values(), patients), threshold)
    everyone = readers(quantities, threshold, known, document.insiders)
    also: frozenset[int] = frozenset()
    while True:
        hidden = to_hide(quantities, everyone, threshold, known.told, also)
        further = series.gives_away(marks, hidden, known.told, threshold) - also
        if not further:
            break
        also |= further
    resting = {place: cell.rests_on for place, cell in placed_figures(document) if cell.rests_on is not None}
    figures = series.changed_figures(resting, threshold)
    return Judgement(quantities, hidden, figures, everyone[0], marks, series.patients, threshold)


def placed_figures(document: Document) -> Iterator[tuple[str, Cell]]:
    """All cells with their places."""
    for section in document.sections:
        for block in section.blocks:
            yield from placed_cells(section.id, block)

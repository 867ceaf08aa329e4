"""What a report is made of: sections of paragraphs, tables and figures, as plain data.

Sections compute them, disclosure control works on them, and every renderer (HTML, JSON, CSV, SVG) only prints them. A
number that came from counts carries its numerator and denominator, so that a reader can check it and disclosure control
can judge it.

No section writes a count of patients into a text. Captions, notes, paragraphs and text alternatives say ``{name}`` and
carry the cell of that name in ``cells``; the data of a figure hold the cell itself where a number from patients is
meant. Disclosure control puts the numbers in, or hides them, and takes the cells and the marks of patients away: what
reaches a renderer is plain text and plain JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

Audience = Literal["staff", "public"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a table.

    text         what is printed; empty for nothing
    count        the number of patients the cell tells of, where it is a count or a share of one
    of           the denominator of a share
    value        the figure itself for the machine-readable files: unrounded, but to the public figures of survival,
                 incidence, means and medians in the digits that are printed
    lo, hi       its interval
    method       how the figure and its interval were computed (``Clopper-Pearson 95 %``)
    suppressed   why it is hidden, in words; set by disclosure control only
    who, of_who  marks of the patients counted in ``count`` and ``of``: one bit for each patient (see ``people``). Never
                 rendered
    tells        marks of further groups whose number the figure gives away: the deaths behind a survival estimate
    few_missing  what the public is told where few of the denominator are not in the count: a bound. Who finds none
                 knows that they are not few
    rests_on     who gave what to a figure that is no count (see ``contributions``): by it an estimate that few patients
                 have changed since it was last published is known. Never rendered either
    """

    text: str
    count: int | None = None
    of: int | None = None
    value: float | None = None
    lo: float | None = None
    hi: float | None = None
    method: str | None = None
    suppressed: str | None = None
    who: int | None = field(default=None, repr=False)
    of_who: int | None = field(default=None, repr=False)
    tells: tuple[int, ...] = field(default=(), repr=False)
    few_missing: str | None = field(default=None, repr=False)
    rests_on: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its head, its cells, and how deep it is indented under the row above."""

    head: str
    cells: tuple[Cell, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    id        stable name, file name of its CSV (``t1_baseline``)
    columns   heads of the cells; ``corner`` is the head of the row heads
    totals    sums that disclosure control must respect: each is a tuple of places (row, column) of which the first is
              the sum of the others
    cells     what fills the ``{names}`` of caption and notes
    """

    id: str
    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    totals: tuple[tuple[tuple[int, int], ...], ...] = ()
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: its kind, the data to draw it, its words, and the same numbers as a table.

    kind     renderer that draws it (``survival``, ``flow``, ``cumulative_incidence``, ``bars``, ``funnel``,
             ``lines``, ``waterfall``, ``swimmer``)
    data     plain JSON, documented by the renderer; a number from patients is a cell until disclosure control has put
             its ``value`` (its ``count`` where it has none) in, or null where it is hidden; a text with ``{names}`` is
             a paragraph until then
    alt      the text alternative: what the picture shows, in sentences made from the numbers
    cells    what fills the ``{names}`` of caption and text alternative
    """

    id: str
    kind: str
    caption: str
    data: Mapping[str, Any]
    alt: str
    table: Table | None = None
    staff_only: bool = False
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of text."""

    text: str
    kind: Literal["text", "key", "warning"] = "text"
    cells: Mapping[str, Cell] = field(default_factory=dict)


Block = Paragraph | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A section as the report lists it: each file of the package ends in ``SECTION = SectionSpec(...)``."""

    id: str
    title: str
    build: Callable[["Study"], tuple[Block, ...]]


@dataclass(frozen=True, slots=True)
class SiteFlow:
    """The conservation ledger of one site: received = accepted + rejected + failed + waiting."""

    site: str
    received: int
    accepted: int
    rejected: int
    failed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Study:
    """Everything a report is a function of.

    rows      analysis rows of all cases at the cut-off, ordered by (site, pseudonym); see ``analysis.AnalysisRow``
    sites     the site of each row
    patients  a number for each case that stays his in every report (64 bits), or None where nobody asks
    queries   per case: open queries as (rule id, age in days)
    ledger    the conservation ledger per site at ``as_of``
    cutoff    clinical data up to and including this day
    as_of     what the registry knew at this time
    versions  code, dictionary, rules, outcomes, opioid table, plan: whatever the numbers depend on
    look      how many reports were built for this audience before
    left_out  how many cases are in none of the rows because use of their data was withdrawn, by level
    memo      what several sections need and is worked out once (see ``sets``)
    """

    rows: Sequence[Any]
    sites: Sequence[str]
    queries: Sequence[tuple[tuple[str, int], ...]]
    ledger: tuple[SiteFlow, ...]
    cutoff: date
    as_of: datetime
    audience: Audience
    threshold: int
    versions: Mapping[str, str]
    seal: str | None = None
    look: int = 1
    left_out: Mapping[str, int] = field(default_factory=dict)
    patients: Sequence[int] | None = None
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A finished report, ready to be rendered.

    reader    the one hospital it is for; empty for everybody of the audience
    patients  whom the bits of the marks stand for (see ``Study``), and ``insiders`` the mark of each site's patients,
              whom the site knows. Both are gone when disclosure control is done
    """

    title: str
    number: int | None
    audience: Audience
    cutoff: date
    as_of: datetime
    snapshot: str
    versions: Mapping[str, str]
    sections: tuple[Section, ...] = field(default=())
    reader: str = ""
    patients: tuple[int, ...] = field(default=(), repr=False)
    insiders: Mapping[str, int] = field(default_factory=dict, repr=False)

    def with_sections(self, sections: tuple[Section, ...]) -> "Document":
        return replace(self, sections=sections)

"""What a derived outcome is: a pure function of the case, named, versioned and explained.

Each file of this package holds one clinical quantity and ends in ``OUTCOME = Outcome(...)``; ``outcomes/__init__.py``
is the list. Everything derived can be thrown away and rebuilt to the bit: it depends on the records, the algorithm
version, the opioid table and the cut-off, and on nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from registry.domain.case import Case
from registry.domain.forms.form import Form

Value = dict[str, Any]
"""The figures of a derived value as plain JSON: numbers with their unit in the key (``days``, ``eqd2_10_gy``)."""


class Basis(NamedTuple):
    """What a derivation may depend on beside the case.

    cutoff        clinical data up to and including this day
    opioid_table  id of the conversion table behind every oral-morphine-equivalent dose
    """

    cutoff: date
    opioid_table: str = "MPS-OME-1"


class Derived(NamedTuple):
    """One derived value.

    subject      what it is about inside the case, empty for the whole case; parts joined by ``|``
                 (``1|left`` = episode and side, ``1|left|RT-1|M2`` = and treatment and window)
    value        its figures, or None when there are none
    reason       why it is missing or not evaluable, from the fixed list of the outcome; None when it is evaluable
    flags        what a reader must know about it, sorted
    inputs       the records it was computed from
    explanation  one sentence a clinician understands
    """

    subject: str
    value: Value | None
    explanation: str
    reason: str | None = None
    flags: tuple[str, ...] = ()
    inputs: tuple[Form, ...] = ()

    @property
    def evaluable(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of the registry.

    id          stable name, the ADaM PARAMCD where one fits (``OSONS``)
    version     raised whenever the same case may get another value
    title       the estimand in the field's terms
    definition  clinical definition, formula and units, in one or two sentences
    source      publication, or ``registry decision``
    derive      yields the values of a case; empty where the outcome does not apply
    uses_opioid_table  True when the figure depends on the conversion table, which is then stored with it
    """

    id: str
    version: int
    title: str
    definition: str
    source: str
    derive: Callable[[Case, Basis], Iterable[Derived]]
    uses_opioid_table: bool = False

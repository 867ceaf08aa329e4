"""What a rule is: a value that carries its own words.

Each file of this package ends in ``RULE = Rule(...)``; ``rules/__init__.py`` is the list. The catalogue, the API's
``/v1/rules`` and the tests are generated from these values. Two kinds: a rule with a ``check`` looks at the whole
case (the current records together with the new ones); a rule without one is enforced when the submission is read,
by the types and limits of the forms, and stands here for its words and its examples.

A missing value passes every rule but those about missingness. Order rules on partial dates reject only what is
impossible for every completion of the dates.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.findings import Severity
from registry.domain.forms.form import Form
from registry.domain.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know beside the case.

    today   the day of checking in the site's time zone, used only to refuse the future and to measure ageing
    limits  the configurable plausibility limits
    twins   what other sites say of the patient with the same linkage token; empty where nobody looked
    """

    today: date
    limits: Limits = DEFAULT_LIMITS
    twins: tuple["Twin", ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """A case of another site with the same linkage token. Neither site is told who the other is.

    death  date of the death that the other site has reported, if any
    birth  as the other site has it; ``sex`` likewise. They are compared, and never told
    """

    death: PartialDate | None = None
    birth: PartialDate | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule does not hold.

    record  the record spoken of, or None for the case as a whole
    path    variable inside the record (``nrs_worst``, ``imaging/0/date``), empty for the whole record
    values  the offending values; they fill the message template and are the fingerprint of the finding
    """

    record: Form | None
    path: str = ""
    values: dict[str, Any] = field(default_factory=dict)


Check = Callable[[Case, Context], Iterable[Hit]]

Forms = dict[str, Any]
"""The ``forms`` object of a submission, as plain JSON."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    id        stable code, part of the API; never reused
    version   raised whenever the same data may get another answer
    severity  ``reject`` | ``query`` | ``note``
    title     three to eight words
    sentence  what must hold, as a clinician would say it
    message   for the hospital; a ``str.format`` template over the hit's values; says what to do
    why       why the rule exists, with its source
    fields    variables the rule reads, ``form.variable``
    good/bad  ``forms`` objects that pass / break the rule (checked with ``example_day`` as today)
    check     yields a hit for every place where the rule does not hold; None when reading enforces it
    only_new  it is held against the records of the submission only, never against those accepted before: a
              withdrawal, of all messages, must not be sent back because of what is there already
    blocking  an open query of this rule keeps the case out of the primary analysis sets
    """

    id: str
    version: int
    severity: Severity
    title: str
    sentence: str
    message: str
    why: str
    fields: tuple[str, ...]
    good: tuple[Forms, ...]
    bad: tuple[Forms, ...]
    check: Check | None = None
    blocking: bool = False
    only_new: bool = False
    example_day: date = date(2026, 1, 15)

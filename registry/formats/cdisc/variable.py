"""Variables and data sets as the CDISC standards describe them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from registry.domain.dates import PartialDate
from registry.formats.cdisc.subject import Subject
from registry.formats.table import Column, Kind

DataType = Literal["text", "integer", "float", "date", "partialDate"]
"""``date`` is a number of days with a date format (ADaM); ``partialDate`` is ISO 8601 text (SDTM)."""

Origin = Literal["Collected", "Derived", "Assigned", "Predecessor"]
Core = Literal["Req", "Exp", "Perm"]

_KINDS: dict[DataType, Kind] = {
    "text": "text",
    "partialDate": "text",
    "integer": "integer",
    "float": "number",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable.

    core      required, expected or permissible; a permissible one without any value is left out
    codelist  name of its list in ``codelists``
    method    how it is derived, in words
    """

    name: str
    label: str
    type: DataType = "text"
    core: Core = "Perm"
    origin: Origin = "Collected"
    codelist: str = ""
    method: str = ""

    @property
    def column(self) -> Column:
        """The variable as a column of a table."""
        return Column(self.name, self.label, _KINDS[self.type])


Values = Mapping[str, Any]
"""A row by variable name. ``SUPP`` holds further facts as (QNAM, label, text)."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set: its variables in their order, its keys, and the rows of a subject.

    class_name  observation class as Define-XML names it
    order       variable by which the rows of a subject are numbered (``CMSTDTC``)
    """

    name: str
    label: str
    class_name: str
    structure: str
    variables: tuple[Variable, ...]
    keys: tuple[str, ...]
    rows: Callable[[Subject], Iterator[Values]]
    subclass: str = ""
    order: str = ""


def derived(
    name: str,
    label: str,
    data_type: DataType = "text",
    method: str = "",
    core: Core = "Perm",
    codelist: str = "",
) -> Variable:
    """A variable that is computed."""
    return Variable(name, label, data_type, core, "Derived", codelist, method)


def assigned(name: str, label: str, core: Core = "Req", codelist: str = "") -> Variable:
    """A variable whose value the registry assigns."""
    return Variable(name, label, "text", core, "Assigned", codelist)


def identifiers(domain: str) -> tuple[Variable, ...]:
    """The identifiers that begin every general data set of SDTM."""
    return (
        assigned("STUDYID", "Study Identifier"),
        assigned("DOMAIN", "Domain Abbreviation", codelist="DOMAIN"),
        assigned("USUBJID", "Unique Subject Identifier"),
        derived(f"{domain}SEQ", "Sequence Number", "integer", "Number of the row within the subject", "Req"),
    )


EPOCH = derived(
    "EPOCH",
    "Epoch",
    method="SCREENING before the subject reference start date, FOLLOW-UP from it on",
    codelist="EPOCH",
)

STUDY_DAY = "Date minus RFSTDTC, plus 1 from RFSTDTC on: there is no day 0. Empty for partial dates"


def collected_at(domain: str) -> tuple[Variable, ...]:
    """Epoch, date and study day of a finding."""
    return (
        EPOCH,
        Variable(f"{domain}DTC", "Date/Time of Collection", "partialDate", "Exp"),
        derived(f"{domain}DY", "Study Day of Visit/Collection/Exam", "integer", STUDY_DAY),
    )


def started_and_ended(domain: str, what: str) -> tuple[Variable, ...]:
    """Start and end of an intervention, with their study days; what is known of a start without a date."""
    return (
        Variable(f"{domain}STDTC", f"Start Date/Time of {what}", "partialDate", "Exp"),
        Variable(f"{domain}ENDTC", f"End Date/Time of {what}", "partialDate", "Exp"),
        derived(f"{domain}STDY", f"Study Day of Start of {what}", "integer", STUDY_DAY, "Exp"),
        derived(f"{domain}ENDY", f"Study Day of End of {what}", "integer", STUDY_DAY, "Exp"),
        assigned(f"{domain}STRTPT", "Start Relative to Reference Time Point", "Perm", "STENRF"),
        derived(f"{domain}STTPT", "Start Reference Time Point", method="The end; RFPENDTC while it goes on"),
    )


def began(domain: str, written: PartialDate | None, until: str | None) -> Values:
    """Of an intervention whose start has no date: that it was before its end (FDA business rule FB4301)."""
    if written is not None or until is None:
        return {}
    return {f"{domain}STRTPT": "BEFORE", f"{domain}STTPT": until}

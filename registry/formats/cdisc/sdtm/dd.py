"""DD, death details: the primary cause of death."""

from collections.abc import Iterator

from registry.formats.cdisc.subject import Subject, dtc, upper
from registry.formats.cdisc.variable import (
    STUDY_DAY,
    DataSet,
    Values,
    Variable,
    assigned,
    derived,
    identifiers,
)


def _rows(subject: Subject) -> Iterator[Values]:
    died = subject.death
    if died is not None and died.cause is not None:
        yield {
            "DDTESTCD": "PRCDTH",
            "DDTEST": "Primary Cause of Death",
            "DDORRES": upper(died.cause),
            "DDSTRESC": upper(died.cause),
            "DDDTC": dtc(died.death_date),
            "DDDY": subject.day(died.death_date),
        }


DATA_SET = DataSet(
    name="DD",
    label="Death Details",
    class_name="FINDINGS",
    structure="One record per finding per subject",
    keys=("STUDYID", "USUBJID", "DDTESTCD"),
    rows=_rows,
    order="DDDTC",
    variables=(
        *identifiers("DD"),
        assigned("DDTESTCD", "Death Detail Assessment Short Name", codelist="DTHDXCD"),
        assigned("DDTEST", "Death Detail Assessment Name"),
        Variable("DDORRES", "Result or Finding as Collected", core="Exp"),
        Variable("DDSTRESC", "Character Result/Finding in Std Format", core="Exp"),
        Variable("DDDTC", "Date/Time of Collection", "partialDate", "Exp"),
        derived("DDDY", "Study Day of Collection", "integer", STUDY_DAY),
    ),
)

"""CE, clinical events: cancers and episodes of the syndrome whose date is the reference start date or later."""

from collections.abc import Iterator

from registry.formats.cdisc.sdtm.mh import during, events
from registry.formats.cdisc.subject import Subject, dtc
from registry.formats.cdisc.variable import (
    EPOCH,
    STUDY_DAY,
    DataSet,
    Values,
    Variable,
    assigned,
    derived,
    identifiers,
)


def _rows(subject: Subject) -> Iterator[Values]:
    for event in events(subject):
        if during(subject, event.written):
            yield {
                "CESPID": event.number,
                "CETERM": event.term,
                "CECAT": event.category,
                "EPOCH": subject.epoch(event.written),
                "CESTDTC": dtc(event.written),
                "CESTDY": subject.day(event.written),
                "SUPP": (("CEEVTYPE", "Kind of the Event Date", event.kind),),
            }


DATA_SET = DataSet(
    name="CE",
    label="Clinical Events",
    class_name="EVENTS",
    structure="One record per event date per subject",
    keys=("STUDYID", "USUBJID", "CESPID", "CETERM", "CESTDTC", "CESEQ"),
    rows=_rows,
    order="CESTDTC",
    variables=(
        *identifiers("CE"),
        assigned("CESPID", "Sponsor-Defined Identifier", "Perm"),
        Variable("CETERM", "Reported Term for the Clinical Event", core="Req"),
        assigned("CECAT", "Category for the Clinical Event", "Perm"),
        EPOCH,
        Variable("CESTDTC", "Start Date/Time of Clinical Event", "partialDate", "Exp"),
        derived("CESTDY", "Study Day of Start of Event", "integer", STUDY_DAY),
    ),
)

"""DS, disposition: consent, and how the subject's participation ended. At most one end: death before all others."""

from collections.abc import Iterator

from registry.domain.dates import PartialDate
from registry.domain.forms.consent import Consent
from registry.domain.forms.follow_up import FollowUp
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


def end(subject: Subject) -> tuple[str, PartialDate | None] | None:
    """How the participation ended and when; None while it goes on."""
    if subject.death is not None:
        return "DEATH", subject.death.death_date
    for consent in subject.case.all(Consent):
        said = consent.withdrawal
        if said is not None and said.level not in (None, "no_further_contact"):
            return "WITHDRAWAL BY SUBJECT", said.effective_from or said.date
    for visit in subject.case.all(FollowUp):
        if visit.lost_to_followup is not None:
            return "LOST TO FOLLOW-UP", visit.lost_to_followup.last_known_alive or visit.visit_date
    return None


def _rows(subject: Subject) -> Iterator[Values]:
    for consent in subject.consents:
        yield _row(subject, "INFORMED CONSENT OBTAINED", "PROTOCOL MILESTONE", consent.date)
    ended = end(subject)
    if ended is not None:
        yield _row(subject, ended[0], "DISPOSITION EVENT", ended[1])


def _row(subject: Subject, term: str, category: str, written: PartialDate | None) -> Values:
    return {
        "DSTERM": term,
        "DSDECOD": term,
        "DSCAT": category,
        "EPOCH": subject.epoch(written),
        "DSSTDTC": dtc(written),
        "DSSTDY": subject.day(written),
    }


DATA_SET = DataSet(
    name="DS",
    label="Disposition",
    class_name="EVENTS",
    structure="One record per disposition status or protocol milestone per subject",
    keys=("STUDYID", "USUBJID", "DSDECOD", "DSSTDTC"),
    rows=_rows,
    order="DSSTDTC",
    variables=(
        *identifiers("DS"),
        Variable("DSTERM", "Reported Term for the Disposition Event", core="Req"),
        assigned("DSDECOD", "Standardized Disposition Term"),
        assigned("DSCAT", "Category for Disposition Event", "Exp", "DSCAT"),
        EPOCH,
        Variable("DSSTDTC", "Start Date/Time of Disposition Event", "partialDate", "Exp"),
        derived("DSSTDY", "Study Day of Start of Disposition Event", "integer", STUDY_DAY, "Exp"),
    ),
)

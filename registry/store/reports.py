"""Rows of reports, and what a report is built from."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from registry.store.tables import JobRun, Report, ReportAttachment, ReportEdition, ReportFile

ROWS_AT_ONCE = 2_000

_SITES = text("SELECT id, code FROM site ORDER BY code")

_ROWS = text("""
    SELECT c.id, c.pseudonym, coalesce(c.basis->>'records', ''),
           CASE WHEN c.changed_at <= :as_of AND c.basis->>'opioid_table' = :opioid_table THEN c.analysis END,
           c.basis->>'cutoff'
    FROM "case" c
    WHERE c.created_at <= :as_of AND c.site_id = :site AND (c.use_ends IS NULL OR c.use_ends > :today)
    ORDER BY c.pseudonym
""")

_QUERIES = text("""
    SELECT case_id, rule, blocking, opened_at, CASE WHEN changed_at > :as_of THEN history END AS history FROM query
    WHERE opened_at <= :as_of AND (state <> 'closed' OR changed_at > :as_of) ORDER BY case_id, rule, id
""")

# The cases by their numbers, so that those who withdraw later are found in it without looking inside.
_KEEP_SNAPSHOT = text("""
    INSERT INTO snapshot (input_hash, content, case_ids) VALUES (:input_hash, :content, CAST(:case_ids AS bigint[]))
    ON CONFLICT DO NOTHING
""")

_LOCK_INPUT = text("SELECT pg_advisory_xact_lock(hashtextextended(:input_hash, 7205759403792798))")

_LAST_CHANGE = text("""
    SELECT max(decided_at) AS last, min(decided_at) FILTER (WHERE decided_at > :since) AS first_since
    FROM submission WHERE state = 'accepted' AND decided_at > :since
""")

_NEWEST = text("SELECT max(built_at) FROM report")

_CLAIM_PERIOD = text("""
    INSERT INTO job_run (job, period) VALUES (:job, :period)
    ON CONFLICT (job, period) DO UPDATE SET begun_at = now(), outcome = NULL
        WHERE job_run.ended_at IS NULL AND job_run.begun_at < now() - interval '10 minutes'
    RETURNING job
""")
_PERIOD_DONE = text("SELECT 1 FROM job_run WHERE job = :job AND period = :period AND ended_at IS NOT NULL")
_NOTE_PERIOD = text("UPDATE job_run SET outcome = :outcome WHERE job = :job AND period = :period")
_END_PERIOD = text(
    "UPDATE job_run SET ended_at = now(), outcome = :outcome WHERE job = :job AND period = :period"
)


def analysis_rows(
    session: Session, as_of: datetime, opioid_table: str, today: date
) -> Iterator[tuple[str, Sequence[Row[Any]]]]:
    """What is stored of each case that may be used today, ordered by site and pseudonym, some thousand at a time.

    The code of the site; id, pseudonym, hash of the records, analysis row and its cut-off of its cases. There is no
    analysis row where the case changed since, or it was made by another opioid table.

    Site by site, each read along its index: the database need not sort what does not fit into its memory.
    """
    asked = {"as_of": as_of, "opioid_table": opioid_table, "today": today}
    options = {"yield_per": ROWS_AT_ONCE}
    for site, code in session.execute(_SITES).all():
        found = session.execute(_ROWS, {**asked, "site": site}, execution_options=options)
        for rows in found.partitions(ROWS_AT_ONCE):  # of a text none is the default size
            yield code, rows


def queries(session: Session, as_of: datetime) -> Iterator[Row[Any]]:
    """Queries of all cases that may have been open at a time: all but those closed before it.

    The history is there only where it decides: of a query that changed since then.
    """
    options = {"yield_per": ROWS_AT_ONCE}
    yield from session.execute(_QUERIES, {"as_of": as_of}, execution_options=options)


def lock_input(session: Session, input_hash: str) -> None:
    """Wait until nobody else builds from this input, and until the end of the transaction let nobody."""
    session.execute(_LOCK_INPUT, {"input_hash": input_hash})


def keep_snapshot(session: Session, input_hash: str, content: bytes, case_ids: Iterable[int]) -> None:
    """Store what a report is built from, with the numbers of its cases; one that is known stays as it is."""
    # As text: the driver takes seconds for a list of a million.
    numbers = "{" + ",".join(map(str, sorted(case_ids))) + "}"
    values = {"input_hash": input_hash, "content": content, "case_ids": numbers}
    session.execute(_KEEP_SNAPSHOT, values)


def changes_since(session: Session, since: datetime) -> Row[Any]:
    """The first and the last acceptance after a time."""
    return session.execute(_LAST_CHANGE, {"since": since}).one()


def newest(session: Session) -> datetime | None:
    """When the newest report was built."""
    found: datetime | None = session.execute(_NEWEST).scalar_one()
    return found


def claim_period(session: Session, job: str, period: str) -> bool:
    """True for the one process that may run the job for this period; a run that died is taken over after a while."""
    return session.execute(_CLAIM_PERIOD, {"job": job, "period": period}).one_or_none() is not None


def period_done(session: Session, job: str, period: str) -> bool:
    """True when the job has run to its end for this period."""
    return session.execute(_PERIOD_DONE, {"job": job, "period": period}).one_or_none() is not None


def note_period(session: Session, job: str, period: str, doing: str) -> None:
    """Note what the job's run for the period is doing, or where it failed."""
    session.execute(_NOTE_PERIOD, {"job": job, "period": period, "outcome": doing})


def runs(session: Session, job: str, limit: int) -> list[JobRun]:
    """The last runs of a job, newest first."""
    wanted = select(JobRun).where(col(JobRun.job) == job).order_by(col(JobRun.begun_at).desc())
    return list(session.exec(wanted.limit(limit)).all())


def end_period(session: Session, job: str, period: str, outcome: str) -> None:
    """Note how the job's run for the period ended."""
    session.execute(_END_PERIOD, {"job": job, "period": period, "outcome": outcome})


def same_input(session: Session, audience: str, input_hash: str) -> Report | None:
    """The report that was built from exactly this input."""
    wanted = select(Report).where(col(Report.audience) == audience, col(Report.input_hash) == input_hash)
    return session.exec(wanted).one_or_none()


def count(session: Session, audience: str, before: datetime) -> int:
    """How many reports were built for this audience before a time."""
    wanted = select(Report.id).where(col(Report.audience) == audience, col(Report.built_at) < before)
    return len(session.exec(wanted).all())


def every(session: Session, audience: str | None = None) -> list[Report]:
    """Reports, newest first."""
    wanted = select(Report).order_by(col(Report.number).desc())
    if audience is not None:
        wanted = wanted.where(col(Report.audience) == audience)
    return list(session.exec(wanted).all())


def one(session: Session, report_id: UUID) -> Report | None:
    """One report."""
    return session.get(Report, report_id)


def by_number(session: Session, number: int) -> Report | None:
    """The report with this number."""
    return session.exec(select(Report).where(col(Report.number) == number)).one_or_none()


def published(session: Session) -> Report | None:
    """The public report that is in force."""
    wanted = select(Report).where(col(Report.state) == "published").order_by(col(Report.number).desc())
    return session.exec(wanted).first()


def edition_hashes(session: Session, as_of: datetime) -> list[str]:
    """Input hashes of the reports that were published by a time, in the order in which they were."""
    wanted = (
        select(Report.input_hash)
        .join(ReportEdition, col(ReportEdition.report_id) == col(Report.id))
        .where(col(ReportEdition.published_at) <= as_of)
        .order_by(col(ReportEdition.number))
    )
    return list(session.exec(wanted).all())


def editions(session: Session, input_hashes: Sequence[str]) -> list[bytes]:
    """What these published reports let their readers know, in the order in which they were published."""
    wanted = (
        select(ReportEdition.content)
        .join(Report, col(ReportEdition.report_id) == col(Report.id))
        .where(col(Report.input_hash).in_(input_hashes))
        .order_by(col(ReportEdition.number))
    )
    return list(session.exec(wanted).all())


def file(session: Session, report_id: UUID, name: str) -> ReportFile | None:
    """One file of a report."""
    return session.get(ReportFile, (report_id, name))


def files(session: Session, report_id: UUID) -> list[ReportFile]:
    """All files of a report."""
    wanted = select(ReportFile).where(col(ReportFile.report_id) == report_id).order_by(col(ReportFile.name))
    return list(session.exec(wanted).all())


def attachment(session: Session, report_id: UUID, name: str) -> ReportAttachment | None:
    """One attachment of a report."""
    return session.get(ReportAttachment, (report_id, name))


def attachments(session: Session, report_id: UUID) -> list[ReportAttachment]:
    """All attachments of a report."""
    wanted = select(ReportAttachment).where(col(ReportAttachment.report_id) == report_id)
    return list(session.exec(wanted.order_by(col(ReportAttachment.name))).all())


_LAST_ACCEPTED = text("SELECT max(decided_at) FROM submission WHERE state = 'accepted'")


def last_accepted(session: Session) -> datetime | None:
    """When a submission was last accepted."""
    found: datetime | None = session.execute(_LAST_ACCEPTED).scalar_one()
    return found

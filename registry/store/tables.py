"""The tables. A table is a row, not a gate: values are checked in the domain before they come here.

All tables live in this one file because SQLModel keeps one process-wide metadata that the migrations compare with.
No ``from __future__ import annotations`` here: SQLModel reads the annotations at class creation.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {  # SQLModel names indexes only; a migration needs a name for everything
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA: MetaData = SQLModel.metadata


def _when(*, index: bool = False, nullable: bool = False, now: bool = False) -> Any:
    default = text("now()") if now else None  # times come from the database: one clock for all machines
    return Field(
        default=None,
        sa_column=Column(DateTime(timezone=True), nullable=nullable, index=index, server_default=default),
    )


def _serial() -> Any:
    return Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))


def _case_id(*, index: bool = False) -> Any:
    return Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("case.id"), nullable=False, index=index)
    )


def _this_transaction() -> Column[int]:
    """The number of the transaction that inserts the row, given by the server."""
    return Column(BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text)::bigint"))


def _json(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=nullable))


class Site(SQLModel, table=True):
    """A participating hospital."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=20)
    name: str
    country: str | None = Field(default=None, max_length=2)
    timezone: str = "UTC"
    active: bool = True
    created_at: datetime = _when(now=True)


class Person(SQLModel, table=True):
    """One who works with the registry: by a role, at a site where the role is one of a site."""

    __table_args__ = (CheckConstraint("(role LIKE 'site%') = (site_id IS NOT NULL)", "site"),)

    id: int | None = _serial()
    name: str = Field(unique=True, max_length=40)
    role: str = Field(max_length=20)
    site_id: int | None = Field(default=None, foreign_key="site.id")
    created_at: datetime = _when(now=True)
    disabled_at: datetime | None = _when(nullable=True)


class ApiKey(SQLModel, table=True):
    """A key of a site or of a person; only a hash of its secret is kept. What a person may do, the role says."""

    __tablename__ = "api_key"
    __table_args__ = (CheckConstraint("(site_id IS NULL) <> (person_id IS NULL)", "holder"),)

    id: str = Field(primary_key=True, max_length=16)
    site_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    person_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("person.id"), nullable=True, index=True)
    )
    secret_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    label: str | None = None
    created_at: datetime = _when(now=True)
    expires_at: datetime | None = _when(nullable=True)
    revoked_at: datetime | None = _when(nullable=True)
    last_used_at: datetime | None = _when(nullable=True)


class DataKeyRow(SQLModel, table=True):
    """The key that seals the payloads and the free text of one case, wrapped by a master key.

    A row is never removed: without its key it is the tombstone of what was erased.
    """

    __tablename__ = "data_key"
    __table_args__ = (Index("ix_data_key_master", "master", postgresql_where=text("wrapped IS NOT NULL")),)

    name: UUID = Field(primary_key=True)  # keyed hash of the site and its pseudonym: see vault.py
    site_id: int | None = Field(default=None, foreign_key="site.id")
    master: str = Field(max_length=12)
    wrapped: bytes | None = Field(default=None, repr=False, sa_column=Column(LargeBinary))
    made_at: datetime = _when(now=True)
    destroyed_at: datetime | None = _when(nullable=True)


class NameKey(SQLModel, table=True):
    """The secret by which names are hashed in ``data_key``: one row, wrapped by a master key."""

    __tablename__ = "name_key"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    master: str = Field(max_length=12)
    wrapped: bytes = Field(repr=False, sa_column=Column(LargeBinary, nullable=False))


class Batch(SQLModel, table=True):
    """Many submissions that came in one body."""

    __table_args__ = (UniqueConstraint("site_id", "idempotency_key"),)

    id: UUID = Field(primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    media_type: str
    name: str | None = None
    content_hash: str = Field(max_length=64)
    idempotency_key: str | None = Field(default=None, max_length=200)
    items: int
    sender: str | None = Field(default=None, max_length=60)  # who sent it, as the audit trail names them
    received_at: datetime = _when(now=True)
    head: str | None = None  # heading of a table, to give its rows back with their errors
    notes: list[dict[str, Any]] | None = _json(nullable=True)  # about the file as a whole


class Submission(SQLModel, table=True):
    """One message about one case: the truth that the queue only points to."""

    __table_args__ = (
        UniqueConstraint("site_id", "idempotency_key"),
        # what is to be rung for, for the sweeper: small, because final states and what a parcel rings for leave it
        Index(
            "ix_submission_waiting",
            "ring_at",
            postgresql_where=text("state = 'received' AND ring_at IS NOT NULL"),
        ),
        Index("ix_submission_failed", "id", postgresql_where=text("state = 'failed'")),
        Index("ix_submission_batch", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        Index("ix_submission_site", "site_id", "id"),  # a site's listing, keyset by id
        # what of a case waits, and in which order it came
        Index(
            "ix_submission_case", "site_id", "pseudonym", "id", postgresql_where=text("state = 'received'")
        ),
    )

    id: UUID = Field(primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    batch_id: UUID | None = Field(default=None, foreign_key="batch.id")
    position: int | None = None
    state: str = Field(default="received", max_length=10)
    pseudonym: str | None = None
    payload: bytes | None = Field(
        default=None, sa_column=Column(LargeBinary)
    )  # sealed; None once it is erased
    content_hash: str = Field(max_length=64)
    idempotency_key: str | None = Field(default=None, max_length=200)
    correlation_id: str = Field(max_length=64)
    sender: str | None = Field(default=None, max_length=60)  # who sent it, as the audit trail names them
    received_at: datetime = _when(now=True)
    ring_at: datetime | None = _when(now=True, nullable=True)  # None while its parcel rings for it
    attempts: int = 0
    error: str | None = None
    decided_at: datetime | None = _when(nullable=True)
    findings: list[dict[str, Any]] | None = _json(nullable=True)
    effect: dict[str, Any] | None = _json(nullable=True)
    place: str | None = None  # of an item in its file, for people
    source: bytes | None = Field(
        default=None, sa_column=Column(LargeBinary)
    )  # what the payload is made of; sealed


class Attempt(SQLModel, table=True):
    """Submissions whose processing has begun; the row goes with the transaction that ends it.

    A row that stays tells the sweeper which submissions a worker died with.
    """

    id: int | None = _serial()
    submission_ids: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    begun_at: datetime = _when(now=True)


class Parcel(SQLModel, table=True):
    """A chunk of a bulk upload, by the first of its submissions: parked until it is rung, gone once it is decided."""

    __table_args__ = (
        Index("ix_parcel_parked", "site_id", "first", postgresql_where=text("rung_at IS NULL")),
        Index("ix_parcel_rung", "site_id", postgresql_where=text("rung_at IS NOT NULL")),
    )

    first: UUID = Field(primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    submission_ids: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    rung_at: datetime | None = _when(nullable=True)


class CaseRow(SQLModel, table=True):
    """One patient with MPS at one site, and everything derived from the records: rebuildable at any time."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("site_id", "pseudonym"),
        # tokens by which another site may know the patient; most cases have none and cost the index nothing
        Index(
            "ix_case_linkage", "linkage", postgresql_using="gin", postgresql_where=text("linkage IS NOT NULL")
        ),
        Index("ix_case_use_ends", "use_ends", postgresql_where=text("use_ends IS NOT NULL")),
    )

    id: int | None = _serial()
    site_id: int = Field(foreign_key="site.id")
    pseudonym: str
    created_at: datetime = _when(now=True)
    changed_at: datetime = _when(now=True, index=True)
    derived: list[dict[str, Any]] | None = _json(nullable=True)
    analysis: list[Any] | None = Field(  # as a list of figures: json, because nothing is looked for inside it
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    basis: dict[str, Any] | None = _json(nullable=True)
    linkage: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text), nullable=True))
    use_ends: date | None = (
        None  # first day on which a withdrawal of use is in force; 0001-01-01 where it names none
    )
    use_ends_by: str | None = Field(default=None, max_length=30)  # its level


class Record(SQLModel, table=True):
    """One version of one form record, never changed and never deleted."""

    __table_args__ = (UniqueConstraint("case_id", "form", "key", "recorded_at", "hash"),)

    id: int | None = _serial()
    case_id: int = _case_id()
    site_id: int  # that of the case, for row-level security; no foreign key, the case has one
    submission_id: UUID
    form: str
    key: str
    recorded_at: datetime = _when()
    hash: str = Field(max_length=64)
    content: dict[str, Any] = _json()  # without its free text
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))  # its free text, and the reason
    reason: str | None = None  # of what was stored before reasons were sealed
    dictionary: str = Field(max_length=10)
    accepted_at: datetime = _when(now=True)


class Query(SQLModel, table=True):
    """A finding the hospital must answer, from opening to closing."""

    __table_args__ = (
        UniqueConstraint("case_id", "rule", "fingerprint"),
        Index("ix_query_open", "site_id", "id", postgresql_where=text("state <> 'closed'")),
    )

    id: UUID = Field(primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    case_id: int = _case_id()
    rule: str = Field(max_length=10)
    rule_version: int
    fingerprint: str = Field(max_length=64)
    finding: dict[str, Any] = _json()
    state: str = Field(default="open", max_length=10)
    blocking: bool = False
    opened_at: datetime = _when(now=True)
    changed_at: datetime = _when(now=True)
    history: list[dict[str, Any]] = _json()


class Event(SQLModel, table=True):
    """One thing that happened: who, when, what. Only ever appended; sealed into a chain by hash."""

    __table_args__ = (
        Index("ix_event_subject", "subject", "id"),
        Index("ix_event_transaction", "transaction", "id"),  # the order in which events are sealed
    )

    id: int | None = _serial()
    at: datetime = _when(now=True)
    site_id: int | None = Field(default=None, foreign_key="site.id")
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = _json()
    transaction: int | None = Field(default=None, sa_column=_this_transaction())


class Seal(SQLModel, table=True):
    """A link of the audit chain: the hash over the events of all transactions below one, and over the link before."""

    id: int | None = _serial()
    below: int = Field(sa_column=Column(BigInteger, nullable=False))
    events: int
    hash: str = Field(max_length=64)
    sealed_at: datetime = _when(now=True)


class Report(SQLModel, table=True):
    """A report and the snapshot it is a function of."""

    __table_args__ = (UniqueConstraint("audience", "input_hash"),)

    id: UUID = Field(primary_key=True)
    number: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False)
    )
    audience: str = Field(max_length=10)
    cutoff: date
    as_of: datetime = _when()
    state: str = Field(default="built", max_length=10)
    input_hash: str = Field(max_length=64, foreign_key="snapshot.input_hash")
    versions: dict[str, Any] = _json()
    cases: int
    trigger: str
    built_at: datetime = _when(now=True)
    history: list[dict[str, Any]] = _json()


class Snapshot(SQLModel, table=True):
    """The frozen input of a report, compressed: enough to build it again to the byte. Never changed."""

    input_hash: str = Field(primary_key=True, max_length=64)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    case_ids: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))


class WithdrawalRow(SQLModel, table=True):
    """A withdrawal of use that took effect, by the number of its case, which it may outlive."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        Index("uq_withdrawal_case_id", "case_id", unique=True, postgresql_where=text("lifted_at IS NULL")),
    )

    id: int | None = _serial()
    site_id: int = Field(foreign_key="site.id")
    case_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    level: str = Field(max_length=30)
    effective_from: date
    noticed_at: datetime = _when(now=True)
    lifted_at: datetime | None = _when(nullable=True)  # consent given anew, or the withdrawal corrected


class ReportWithdrawal(SQLModel, table=True):
    """A report that counts a patient who has withdrawn since: it is flagged, and never changed."""

    __tablename__ = "report_withdrawal"

    report_id: UUID = Field(foreign_key="report.id", primary_key=True)
    withdrawal_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("withdrawal.id"), primary_key=True, index=True)
    )


class ReportEdition(SQLModel, table=True):
    """What a published report lets its readers know: the next one is judged beside it. It never leaves the registry."""

    __tablename__ = "report_edition"

    report_id: UUID = Field(foreign_key="report.id", primary_key=True)
    number: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False)
    )
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    published_at: datetime = _when(now=True)


class ReportFile(SQLModel, table=True):
    """One rendered file of a report."""

    __tablename__ = "report_file"

    report_id: UUID = Field(foreign_key="report.id", primary_key=True)
    name: str = Field(primary_key=True)
    media_type: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: str = Field(max_length=64)


class ReportAttachment(SQLModel, table=True):
    """An export that belongs to a staff report: the same cases at the same cut-off and as-of time, as one zip file."""

    __tablename__ = "report_attachment"

    report_id: UUID = Field(foreign_key="report.id", primary_key=True)
    name: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: str = Field(max_length=64)
    facts: dict[str, Any] = _json()  # of its manifest: format, profile, snapshot, cases, files
    attached_at: datetime = _when(now=True)


class JobRun(SQLModel, table=True):
    """A periodic job's run for one period: the row that makes two beats harmless."""

    __tablename__ = "job_run"

    job: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    begun_at: datetime = _when(now=True)
    ended_at: datetime | None = _when(nullable=True)
    outcome: str | None = None


class Webhook(SQLModel, table=True):
    """Where a site wants to be told of verdicts and queries. Its secret signs, so it is kept; it is never shown."""

    id: int | None = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", unique=True)
    url: str
    secret: bytes = Field(repr=False, sa_column=Column(LargeBinary, nullable=False))
    secret_before: bytes | None = Field(default=None, repr=False, sa_column=Column(LargeBinary))
    rotated_at: datetime | None = _when(nullable=True)
    cursor: int = Field(
        sa_column=Column(BigInteger, nullable=False)
    )  # deliveries are made of all events up to here
    created_at: datetime = _when(now=True)
    stopped_at: datetime | None = _when(nullable=True)
    stop_reason: str | None = None


class WebhookDelivery(SQLModel, table=True):
    """One message to one site: its id stays the same however often it is sent."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_delivery_due", "webhook_id", "next_at", postgresql_where=text("state = 'waiting'")),
    )

    id: UUID = Field(primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id")
    event_id: int = Field(sa_column=Column(BigInteger, ForeignKey("event.id"), nullable=False))
    state: str = Field(default="waiting", max_length=10, sa_column_kwargs={"server_default": "waiting"})
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    next_at: datetime = _when(now=True)
    outcome: str | None = None
    delivered_at: datetime | None = _when(nullable=True)

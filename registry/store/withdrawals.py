"""Rows of withdrawals of use, and of the reports that count a patient who has withdrawn since."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

_LIFT = text("""
    UPDATE withdrawal w SET lifted_at = now()
    WHERE w.lifted_at IS NULL AND EXISTS (
        SELECT FROM "case" c WHERE c.id = w.case_id
        AND (c.use_ends IS NULL OR c.use_ends > :today OR c.use_ends_by <> w.level))
    RETURNING w.id, w.case_id, w.site_id, w.level
""")

_NOTICE = text("""
    INSERT INTO withdrawal (site_id, case_id, level, effective_from)
    SELECT c.site_id, c.id, c.use_ends_by, c.use_ends FROM "case" c
    WHERE c.use_ends <= :today
      AND NOT EXISTS (SELECT FROM withdrawal w WHERE w.case_id = c.id AND w.lifted_at IS NULL)
    ORDER BY c.id
    ON CONFLICT DO NOTHING
    RETURNING id, case_id, site_id, level
""")

# Also for reports that were being built while the withdrawal was noticed: neither saw the other.
_FLAG = text("""
    INSERT INTO report_withdrawal (report_id, withdrawal_id)
    SELECT r.id, w.id FROM withdrawal w
    JOIN snapshot s ON s.case_ids @> ARRAY[w.case_id] JOIN report r ON r.input_hash = s.input_hash
    WHERE w.lifted_at IS NULL AND w.noticed_at > now() - interval '1 day'
    ON CONFLICT DO NOTHING
    RETURNING report_id, withdrawal_id
""")

_OF_REPORTS = text("""
    SELECT f.report_id, w.level, count(*) AS cases
    FROM report_withdrawal f JOIN withdrawal w ON w.id = f.withdrawal_id
    WHERE w.lifted_at IS NULL AND (CAST(:report AS uuid) IS NULL OR f.report_id = :report)
    GROUP BY f.report_id, w.level ORDER BY f.report_id, w.level
""")

_FLAGGED = text("SELECT DISTINCT report_id FROM report_withdrawal")

_OF_CASE = text("""
    SELECT w.level, w.effective_from, w.noticed_at, w.lifted_at,
           coalesce(array_agg(r.input_hash ORDER BY r.number) FILTER (WHERE r.id IS NOT NULL), '{}') AS snapshots,
           coalesce(array_agg(r.number ORDER BY r.number) FILTER (WHERE r.id IS NOT NULL), '{}') AS reports
    FROM withdrawal w
    LEFT JOIN report_withdrawal f ON f.withdrawal_id = w.id LEFT JOIN report r ON r.id = f.report_id
    WHERE w.case_id = :case GROUP BY w.id ORDER BY w.id
""")

_LEFT_OUT = text("""
    SELECT use_ends_by AS level, count(*) AS cases FROM "case"
    WHERE use_ends <= :today AND created_at <= :as_of GROUP BY use_ends_by ORDER BY use_ends_by
""")


def flagged(session: Session) -> set[UUID]:
    """Reports that count a patient who has withdrawn since, whosever patient it is."""
    return set(session.execute(_FLAGGED).scalars())


def lift(session: Session, today: date) -> Sequence[Row[Any]]:
    """End the withdrawals that no longer hold, or not at their level: consent was given anew, or a mistake mended."""
    return session.execute(_LIFT, {"today": today}).all()


def notice(session: Session, today: date) -> Sequence[Row[Any]]:
    """Note the withdrawals whose day has come; gives (id, case_id, site_id, level) of the new ones."""
    return session.execute(_NOTICE, {"today": today}).all()


def flag_reports(session: Session) -> Sequence[Row[Any]]:
    """Flag the reports that count a patient whose withdrawal is new; gives (report_id, withdrawal_id) of new flags."""
    return session.execute(_FLAG).all()


def of_reports(session: Session, report_id: UUID | None = None) -> dict[UUID, dict[str, int]]:
    """How many patients of a report, or of each report, have withdrawn the use of their data since, by level.

    A report without such patients is not among them. Its cases were ``report.cases``, and would be fewer by these.
    """
    found: dict[UUID, dict[str, int]] = {}
    for row in session.execute(_OF_REPORTS, {"report": report_id}):
        found.setdefault(row.report_id, {})[row.level] = row.cases
    return found


def of_case(session: Session, case_id: int) -> Sequence[Row[Any]]:
    """The withdrawals of a case with the reports that count it and their snapshots, oldest first."""
    return session.execute(_OF_CASE, {"case": case_id}).all()


def left_out(session: Session, today: date, as_of: datetime) -> dict[str, int]:
    """How many cases the registry knew at ``as_of`` enter no data set of today, by the level of withdrawal."""
    return {row.level: row.cases for row in session.execute(_LEFT_OUT, {"today": today, "as_of": as_of})}

"""Grants: what each kind of process may do with each table of the database, and which rows the API sees.

The tables belong to the login that runs ``mps db upgrade``. API, workers and the command line each run as a role that
owns nothing and has the rights below, no others; nobody but the owner changes or deletes events, records, seals,
snapshots or the files of reports. The API's role sees the rows of one site: the one in the pass that its transaction
shows (``passes.sql``), and none without. A table that is missing here is closed to every role, and fails a test.
"""

from registry.store.roles import Role

API, WORKER, STAFF = Role.API, Role.WORKER, Role.STAFF

READ = "SELECT"
ADD = "SELECT, INSERT"
KEY = "id, site_id, person_id, scopes, label, created_at, expires_at, revoked_at, last_used_at"
DECIDE = "state, pseudonym, attempts, error, decided_at, findings, effect, ring_at"
RING = "state, attempts, error, decided_at, ring_at"
STEP = "UPDATE (state, history)"
MOVE = "state, history, changed_at, finding"
DELIVER = "state, attempts, next_at, outcome, delivered_at"

GRANTS: dict[str, dict[Role, str]] = {
    "site": {API: READ, WORKER: READ, STAFF: f"{ADD}, UPDATE (name, country, timezone, active)"},
    "person": {STAFF: f"{ADD}, UPDATE (role, site_id, disabled_at)"},
    "api_key": {STAFF: f"SELECT ({KEY}), INSERT, UPDATE (revoked_at)"},
    "data_key": {API: ADD, WORKER: ADD, STAFF: ADD},
    "name_key": {API: READ, WORKER: READ, STAFF: READ},
    "batch": {API: f"{ADD}, UPDATE (items, notes)", STAFF: f"{ADD}, UPDATE (items, notes)"},
    "submission": {API: ADD, WORKER: f"{READ}, UPDATE ({DECIDE})", STAFF: f"{ADD}, UPDATE ({RING})"},
    "attempt": {
        WORKER: f"{ADD}, UPDATE (begun_at), DELETE"
    },  # who locks a row must have a right to change it
    "parcel": {
        API: f"{ADD}, UPDATE (rung_at)",
        WORKER: f"{READ}, UPDATE (rung_at), DELETE",
        STAFF: f"{ADD}, UPDATE (rung_at)",
    },
    "case": {
        API: READ,
        WORKER: f"{ADD}, UPDATE (derived, analysis, basis, linkage, use_ends, use_ends_by, changed_at)",
        STAFF: READ,
    },
    "record": {API: READ, WORKER: ADD, STAFF: READ},
    "query": {
        API: f"{READ}, UPDATE ({MOVE})",
        WORKER: f"{ADD}, UPDATE ({MOVE})",
        STAFF: f"{READ}, UPDATE ({MOVE})",
    },
    "event": {API: ADD, WORKER: ADD, STAFF: ADD},
    "seal": {WORKER: ADD, STAFF: READ},
    "report": {API: READ, WORKER: f"{ADD}, {STEP}", STAFF: f"{ADD}, {STEP}"},
    "snapshot": {WORKER: ADD, STAFF: ADD},
    "withdrawal": {API: READ, WORKER: f"{ADD}, UPDATE (lifted_at)", STAFF: READ},
    "report_withdrawal": {API: READ, WORKER: ADD, STAFF: READ},
    "report_file": {API: READ, WORKER: ADD, STAFF: ADD},
    "report_edition": {WORKER: ADD, STAFF: ADD},
    "report_attachment": {STAFF: ADD},
    "job_run": {WORKER: f"{ADD}, UPDATE (begun_at, ended_at, outcome)", STAFF: READ},
    "webhook": {
        WORKER: f"{READ}, UPDATE (cursor, stopped_at, stop_reason)",
        STAFF: f"{ADD}, UPDATE (url, secret, secret_before, rotated_at, cursor, stopped_at, stop_reason)",
    },
    "webhook_delivery": {WORKER: f"{ADD}, UPDATE ({DELIVER}), DELETE", STAFF: f"{READ}, UPDATE ({DELIVER})"},
    "alembic_version": {API: READ, WORKER: READ, STAFF: READ},
}

HERE = "site_id = (SELECT mps_site())"  # as a subquery it is asked once a statement, not once a row
PUBLIC = "audience = 'public' AND state IN ('published', 'superseded')"
OF_SEEN_REPORT = "EXISTS (SELECT FROM report r WHERE r.id = report_id)"
NOT_ANOTHERS = (
    "(NOT starts_with(name, 'own/') OR starts_with(name, (SELECT 'own/' || code || '/' FROM site)))"
)
"""A hospital's own view of a report; the subquery, too, sees the caller's site alone."""
DRAFT = "EXISTS (SELECT FROM report r WHERE r.id = report_id AND r.state = 'built')"

SEES: dict[str, str] = {
    "site": "id = (SELECT mps_site())",
    "report": PUBLIC,
    "report_file": f"{OF_SEEN_REPORT} AND {NOT_ANOTHERS}",
    "name_key": "true",
    "report_withdrawal": OF_SEEN_REPORT,  # that a report is flagged, not for whom
}
"""Rows that the API sees of tables without a ``site_id``; of those that have one it sees the site's."""

ADDS: dict[str, str] = {"report": "state = 'built'", "report_file": DRAFT}
"""What the other roles may add to a table, where that is not everything: no file is added to a report that is final."""

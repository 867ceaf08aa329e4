"""Insert and correct on a registry that holds a million cases, beside an empty one in the same run.

The million is not a million pieces of work: 1,000 cases go through the pipeline, and their rows, with all that is derived
from them, are copied in the database under other names and ids. The tables and indexes are as large as real ones; the
copies differ from one another in names and ids alone. It takes about six minutes and 17 GB of disk.
"""

from bodies import cases, corrections
from machine import Machine, machine
from scenarios import QUIET, Figures, measured, name, prefixed
from sending import until_decided, upload
from sqlalchemy import text

SAMPLE = 1_000
PART = 20

_NUMBERED = """
    CREATE TABLE sample AS
    SELECT row_number() OVER (ORDER BY c.id) AS n, c.id AS case_id, c.pseudonym,
           (SELECT min(s.id::text)::uuid FROM submission s WHERE s.pseudonym = c.pseudonym) AS submission_id
    FROM "case" c ORDER BY c.id LIMIT :sample
"""
_ID = (
    "(lpad(to_hex(1500000000000 + copy * 1000 + n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid"
)
_CASE = "1000000 + copy * :sample + n"
_COPY = (
    f"""
    INSERT INTO submission (id, site_id, state, pseudonym, payload, content_hash, correlation_id, attempts, received_at,
                            decided_at, findings, effect)
    SELECT {_ID}, s.site_id, s.state, s.pseudonym || '-' || copy, s.payload, s.content_hash, s.correlation_id, 0,
           s.received_at, s.decided_at, s.findings, s.effect
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS copy, sample JOIN submission s ON s.id = submission_id""",
    f"""
    INSERT INTO "case" (id, site_id, pseudonym, created_at, changed_at, derived, analysis, basis) OVERRIDING SYSTEM VALUE
    SELECT {_CASE}, c.site_id, c.pseudonym || '-' || copy, c.created_at, c.changed_at, c.derived, c.analysis, c.basis
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS copy, sample JOIN "case" c ON c.id = case_id""",
    f"""
    INSERT INTO record (case_id, site_id, submission_id, form, key, recorded_at, hash, content, sealed, dictionary,
                        accepted_at)
    SELECT {_CASE}, r.site_id, {_ID}, r.form, r.key, r.recorded_at, r.hash, r.content, r.sealed, r.dictionary, r.accepted_at
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS copy, sample JOIN record r USING (case_id)""",
    f"""
    INSERT INTO query (id, site_id, case_id, rule, rule_version, fingerprint, finding, state, blocking, history)
    SELECT gen_random_uuid(), q.site_id, {_CASE}, q.rule, q.rule_version, q.fingerprint, q.finding, q.state, q.blocking,
           q.history
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS copy, sample JOIN query q USING (case_id)""",
    """
    INSERT INTO data_key (name, site_id, master, wrapped)
    SELECT gen_random_uuid(), k.site_id, k.master, k.wrapped
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS copy, (SELECT * FROM data_key LIMIT :sample) AS k""",
    f"""
    INSERT INTO event (site_id, actor, action, subject, detail)
    SELECT s.site_id, 'registry', 'submission.accepted', {_ID}::text, '{{}}'
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS copy, sample JOIN submission s ON s.id = submission_id""",
)


def million(cases_each: int = 10_000, size: int = 1_000_000) -> Figures:
    """CPU and rate of insert and correction before and after, and how much slower it became."""
    with machine(**QUIET) as here:
        upload(here, cases(2_000, name()))
        until_decided(here)
        found = _both(here, "empty", cases_each)
        fill(here, size)
        upload(here, cases(1_000, name()))
        until_decided(here)
        found |= _both(here, "million", cases_each)
        found["million_cases"] = here.scalar('SELECT count(*) FROM "case"')
    for kind in ("insert", "correction"):
        found[f"million_{kind}_slowdown_ratio"] = (
            found[f"million_{kind}_cpu_ms"] / found[f"empty_{kind}_cpu_ms"]
        )
    return found


def _both(here: Machine, prefix: str, each: int) -> Figures:
    mine = name()
    found = prefixed(f"{prefix}_insert", measured(here, lambda: upload(here, cases(each, mine))))
    return found | prefixed(
        f"{prefix}_correction", measured(here, lambda: upload(here, corrections(each, mine)))
    )


def fill(here: Machine, size: int) -> None:
    """Copy the rows of a sample until there are so many cases."""
    copies = size // SAMPLE
    with here.registry.engine.connect() as connection:
        connection.execute(
            text("SET session_replication_role = replica")
        )  # the copies refer to what is there
        connection.execute(text("SET synchronous_commit = off"))
        connection.execute(text(_NUMBERED), {"sample": SAMPLE})
        for first in range(0, copies, PART):
            for statement in _COPY:
                values = {"first": first, "last": min(first + PART, copies) - 1}
                values |= {"sample": SAMPLE} if ":sample" in statement else {}
                connection.execute(text(statement), values)
            connection.commit()
        connection.execute(text("DROP TABLE sample"))
        connection.execute(text("SELECT setval(pg_get_serial_sequence('\"case\"', 'id'), 10000000)"))
        connection.commit()
    with here.registry.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
        connection.execute(text("CHECKPOINT"))

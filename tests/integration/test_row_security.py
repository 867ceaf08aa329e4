"""What the API's role sees of the tables, with every WHERE forgotten: the rows of the site whose pass it shows."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from registry.ids import new_id
from registry.store import showing
from registry.store.database import AtSite
from registry.store.grants import GRANTS
from registry.store.roles import Role
from registry.store.tables import METADATA
from tests.hospitals import a_hospital
from tests.roles import site_pass, working_as

OF_A_SITE = sorted(
    name
    for name, table in METADATA.tables.items()
    if (name == "site" or "site_id" in table.columns) and Role.API in GRANTS[name]
)
"""Tables with rows of sites that the API's role may read at all."""


@pytest.fixture
def here(registry, client, decide):
    return a_hospital(registry, client, decide, "KND")


@pytest.fixture
def there(registry, client, decide):
    return a_hospital(registry, client, decide, "OSK")


@pytest.fixture
def api_role(registry):
    with working_as(Role.API, registry) as found:
        yield found


def sites_in(work, table: str) -> list[int]:
    column = "id" if table == "site" else "site_id"
    return list(work.session.execute(text(f'SELECT {column} FROM "{table}"')).scalars())


@pytest.mark.parametrize("table", OF_A_SITE)
def test_a_forgotten_where_leaks_nothing(registry, api_role, here, there, table):
    with registry.work() as work:
        everything = sites_in(work, table)
    assert {here.site_id, there.site_id} <= set(everything), "there is nothing to leak"
    for one in (here, there):
        with api_role.work(site_pass(registry, one.site_id)) as work:
            assert sites_in(work, table) == [one.site_id] * everything.count(one.site_id)


@pytest.mark.parametrize("table", OF_A_SITE)
def test_without_a_pass_there_are_no_rows(api_role, here, table):
    with api_role.work() as work:
        assert sites_in(work, table) == []


def test_a_pass_is_not_to_be_forged(registry, api_role, here, there):
    """Anybody may write the setting; what counts is the signature."""
    site, _, signature = site_pass(registry, here.site_id).partition(":")
    for forged in (
        "",
        str(there.site_id),
        f"{there.site_id}:",
        f"{there.site_id}:{signature}",
        f"{there.site_id}:{'0' * 64}",
        f"{site}:{signature[:-1]}",
        f"{site}:{signature}:",
        f" {site}:{signature}",
        "'",
    ):
        with api_role.work() as work:
            work.session.execute(text("SELECT set_config('mps.site', :given, true)"), {"given": forged})
            assert sites_in(work, "case") == [], forged


def test_a_search_path_of_ones_own_forges_nothing(registry, api_role, here, there):
    """The functions run with the owner's rights; what they call must not be found anywhere but where it belongs."""
    schema = f"test_{new_id().hex}"
    with registry.engine.begin() as connection:
        for statement in (
            f"CREATE SCHEMA {schema}",
            f"GRANT USAGE ON SCHEMA {schema} TO mps_api",
            f"CREATE FUNCTION {schema}.yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            f"CREATE OPERATOR {schema}.= (LEFTARG = text, RIGHTARG = text, FUNCTION = {schema}.yes)",
            f"CREATE FUNCTION {schema}.yes(bytea, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            f"CREATE OPERATOR {schema}.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = {schema}.yes)",
            f"CREATE FUNCTION {schema}.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$SELECT ''::bytea$$",
        ):
            connection.exec_driver_sql(statement)
    try:
        with api_role.work() as work:
            work.session.execute(text(f"SET LOCAL search_path = {schema}, pg_catalog, public"))
            assert work.session.execute(text("SELECT 'a'::text = 'b'::text")).scalar_one(), (
                "the trap is not laid"
            )
            work.session.execute(text(f"SET LOCAL mps.site = '{there.site_id}:'"))
            assert sites_in(work, "case") == []
            shown = {"id": there.key.split("_")[1], "hash": b"x" * 32}
            guess = work.session.execute(text("SELECT valid, pass FROM mps_key(:id, :hash)"), shown)
            assert tuple(guess.one()) == (False, None)
    finally:
        with registry.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")


def test_an_error_of_the_server_is_told_like_any_other(registry, api_role, here):
    """The pass goes past SQLAlchemy, on the connection of the driver; what breaks there must not be lost."""
    with api_role.work(site_pass(registry, here.site_id)) as work:
        work.session.execute(text("SELECT 1"))
        with registry.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1'"
                )
            )
        with pytest.raises(OperationalError):
            work.session.execute(text("SELECT 1"))
        work.session.rollback()
    with api_role.work(site_pass(registry, here.site_id)) as work:
        assert sites_in(work, "case")


def test_a_connection_that_is_lost_at_the_beginning_is_no_beginning(registry, api_role):
    raw = api_role.engine.raw_connection()
    try:
        lost = raw.driver_connection.info.backend_pid
        raw.rollback()
        with registry.engine.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": lost})
        assert not showing.begin(raw.driver_connection, b"1:x")
        with pytest.raises(psycopg.OperationalError):
            raw.driver_connection.execute("SELECT 1")
    finally:
        raw.invalidate()


def test_a_pass_ends_with_its_transaction(registry, api_role, here):
    with api_role.work(site_pass(registry, here.site_id)) as work:
        assert sites_in(work, "case")
        work.session.commit()
        assert sites_in(work, "case"), "the next transaction of the session shows it again"
    with api_role.work() as work:  # on the same connection, which the pool gives back
        assert sites_in(work, "case") == []


@pytest.mark.parametrize(
    "given", ["", "1", "1:x", "1:" + "0" * 64 + "'; DROP TABLE site; --", "\u00e9", "x" * 100_000]
)
def test_what_is_no_pass_shows_nothing(api_role, here, given):
    with api_role.work() as work:
        assert not sites_in(work, "case")
    session = AtSite(api_role.engine, given)
    assert session.execute(text('SELECT count(*) FROM "case"')).scalar_one() == 0
    session.close()


def test_no_list_of_statements_shows_a_pass(registry, api_role, here):
    """Whoever runs SQL as the API sees what its other connections run at the moment."""
    shown = site_pass(registry, here.site_id)
    with api_role.work(shown) as work:
        assert sites_in(work, "case")
        for _ in range(20):
            with api_role.work(shown) as other:
                seen = text("SELECT string_agg(query, ' ') FROM pg_stat_activity")
                assert shown.partition(":")[2] not in other.session.execute(seen).scalar_one()


def test_no_row_is_added_for_another_site(registry, api_role, here, there):
    event = text(
        "INSERT INTO event (site_id, actor, action, subject, detail) VALUES (:site, 'x', 'x', 'x', '{}')"
    )
    shown = site_pass(registry, here.site_id)
    with api_role.work(shown) as work:
        work.session.execute(event, {"site": here.site_id})
    for other in (there.site_id, None):
        with pytest.raises(ProgrammingError, match="row-level security"), api_role.work(shown) as work:
            work.session.execute(event, {"site": other})


def test_no_row_of_another_site_is_changed(registry, api_role, here, there):
    with api_role.work(site_pass(registry, here.site_id)) as work:
        changed = work.session.execute(text("UPDATE query SET changed_at = now()")).rowcount
    assert changed == len(here.ids["query"])


def test_reports_are_seen_once_they_are_published_and_of_own_views_the_own(registry, api_role, here):
    with registry.work() as work:
        work.session.execute(text("INSERT INTO snapshot VALUES (repeat('a', 64), '')"))
        for audience in ("public", "staff"):
            work.session.execute(
                text("""
                INSERT INTO report (id, audience, cutoff, as_of, state, input_hash, versions, cases, trigger, history)
                VALUES (gen_random_uuid(), :audience, now(), now(), 'built', repeat('a', 64), '{}', 0, 'test', '[]')
            """),
                {"audience": audience},
            )
        work.session.execute(
            text("""
            INSERT INTO report_file
            SELECT id, name, 'application/json', '', '' FROM report,
                   unnest(ARRAY['report.json', 'own/KND/report.json', 'own/OSK/report.json', 'own/KN/report.json']) AS name
        """)
        )

    def seen():
        with api_role.work(site_pass(registry, here.site_id)) as work:
            reports = work.session.execute(text("SELECT count(*) FROM report")).scalar_one()
            return reports, set(work.session.execute(text("SELECT name FROM report_file")).scalars())

    mine = {"report.json", "own/KND/report.json"}
    move = text("UPDATE report SET state = :state, history = history || jsonb_build_array(1)")
    for state, expected in (("locked", (0, set())), ("published", (1, mine)), ("superseded", (1, mine))):
        with registry.work() as work:
            work.session.execute(move, {"state": state})
        assert seen() == expected

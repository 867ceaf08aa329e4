"""People and keys: who gets one, how many, until when, and that a refusal holds at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from registry.domain.authority import GIVEN, OF_A_SITE, OPERATOR
from registry.errors import Conflict, KeyRefused, NotAllowed, NotFound, WrongUsage
from registry.pipeline.callers import authenticate, look_up
from registry.pipeline.keys import revoke_key
from registry.pipeline.people import (
    add_person,
    change_role,
    disable_person,
    first_admin,
    further_key,
    operator_key,
)
from registry.pipeline.sites import SCOPES, disable_site, issue_key
from registry.store.roles import Role
from tests.roles import working_as


@pytest.fixture
def staff(registry):
    """The registry as the command line has it."""
    with working_as(Role.STAFF, registry) as found:
        yield found


@pytest.fixture
def do(staff):
    """One step in a transaction of its own."""

    def done(step, *given, **named):
        with staff.work() as work:
            return step(work, *given, **{"actor": "user:boss"} | named)

    return done


@pytest.fixture
def who(registry):
    """The caller behind a key, as the API finds out."""
    with working_as(Role.API, registry) as api:

        def found(bearer, **more):
            with api.glance() as work:
                return authenticate(work, bearer, **more)

        yield found


@pytest.fixture
def key(do, site):
    return do(issue_key, "KND", scopes=list(SCOPES), days=30, label=None)


class TestKey:
    def test_has_256_random_bits_of_which_only_a_hash_is_kept(self, key, registry):
        assert re.fullmatch(r"mps_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", key)
        with registry.work() as work:
            stored = work.session.execute(text("SELECT k::text FROM api_key k")).scalar_one()
            told = work.session.execute(text("SELECT string_agg(e::text, ' ') FROM event e")).scalar_one()
        for secret in (key, key.split("_", 2)[2]):
            assert secret not in stored
            assert secret not in told

    @pytest.mark.parametrize(
        "change", ["secret", "id", "case", "prefix", "longer", "shorter", "empty", "nul"]
    )
    def test_that_is_not_exactly_right_is_refused(self, key, who, change):
        _, key_id, secret = key.split("_", 2)
        other = "A" if secret[0] != "A" else "B"
        wrong = {
            "secret": f"mps_{key_id}_{other}{secret[1:]}",
            "id": f"mps_{'0' * 12}_{secret}",
            "case": key.swapcase(),
            "prefix": key.removeprefix("mps_"),
            "longer": key + "A",
            "shorter": key[:-1],
            "empty": "",
            "nul": key + "\0",
        }[change]
        with pytest.raises(KeyRefused):
            who(wrong)
        assert who(key).site_code == "KND"

    def test_expires(self, do, who, registry, site):
        key = do(issue_key, "KND", scopes=["read"], days=1, label=None)
        assert who(key)
        with registry.work() as work:
            work.session.execute(text("UPDATE api_key SET expires_at = now()"))
        with pytest.raises(KeyRefused):
            who(key)

    def test_of_each_of_several_requests_is_looked_up_for_itself(self, registry, key, rows):
        wrong = key[:-1] + ("A" if key[-1] != "A" else "B")
        unknown = "mps_0123456789ab_" + "a" * 43
        with working_as(Role.API, registry) as api:
            found = look_up(api.glance, [key, wrong, unknown, "", key])
        assert [getattr(one, "site_code", type(one)) for one in found] == [
            "KND",
            KeyRefused,
            KeyRefused,
            KeyRefused,
            "KND",
        ]
        said = rows("SELECT action FROM event WHERE action IN ('key.used', 'key.refused') ORDER BY action")
        assert [one.action for one in said] == ["key.refused", "key.used"]

    def test_that_somebody_is_about_to_change_keeps_nobody_waiting(self, registry, key):
        with working_as(Role.API, registry) as api, registry.engine.begin() as changing:
            changing.execute(text("SELECT FROM api_key FOR UPDATE"))
            with api.work() as work:
                work.session.execute(text("SET LOCAL lock_timeout = '5s'"))
                assert authenticate(work, key).site_code == "KND"

    def test_is_refused_from_the_moment_it_is_revoked(self, do, who, key):
        who(key)
        do(revoke_key, key.split("_")[1])
        with pytest.raises(KeyRefused):
            who(key)

    def test_is_refused_from_the_moment_its_site_is_disabled(self, do, who, key):
        do(disable_site, "KND")
        with pytest.raises(KeyRefused):
            who(key)

    def test_two_are_active_at_a_time(self, do, who, key):
        second = do(issue_key, "KND", scopes=["read"], days=None, label=None)
        with pytest.raises(Conflict, match="2 active keys"):
            do(issue_key, "KND", scopes=["read"], days=None, label=None)
        do(revoke_key, key.split("_")[1])
        third = do(issue_key, "KND", scopes=["read"], days=None, label=None)
        assert {who(one).site_code for one in (second, third)} == {"KND"}

    @pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "machine"], ["key"]])
    def test_carries_no_scope_that_there_is_not(self, do, site, scopes):
        with pytest.raises(WrongUsage, match="scopes are"):
            do(issue_key, "KND", scopes=scopes, days=1, label=None)

    def test_use_and_refusal_are_noted_once_a_minute(self, who, key, rows):
        for _ in range(3):
            who(key)
            with pytest.raises(KeyRefused):
                who(key[:-2] + ("AA" if key[-2:] != "AA" else "BB"))
        noted = [
            tuple(row)
            for row in rows("SELECT action, actor FROM event WHERE action LIKE 'key.%' ORDER BY id")
        ]
        me = f"key:{key.split('_')[1]}"
        assert noted == [("key.issued", "user:boss"), ("key.used", me), ("key.refused", "unknown")]
        assert rows("SELECT now() - last_used_at AS ago FROM api_key")[0].ago < timedelta(minutes=1)

    def test_is_revoked_once(self, do, key, rows):
        for _ in range(2):
            do(revoke_key, key.split("_")[1])
        assert len(rows("SELECT FROM event WHERE action = 'key.revoked'")) == 1
        with pytest.raises(NotFound):
            do(revoke_key, "nothing")


class TestPerson:
    @pytest.mark.parametrize("role", GIVEN)
    def test_is_known_by_name_and_role(self, do, who, site, role):
        place = "KND" if role in OF_A_SITE else None
        found = who(do(add_person, "m.takamatsu", role, site=place, days=1))
        assert (found.actor, found.role, found.scopes) == ("user:m.takamatsu", role, frozenset())
        assert (found.site_code, found.site_pass is None) == (place, place is None)

    @pytest.mark.parametrize(
        ("name", "role", "place", "says"),
        [
            ("M Takamatsu", "monitor", None, "small letters"),
            ("x", "monitor", None, "small letters"),
            (OPERATOR, "monitor", None, "small letters"),
            ("m.takamatsu", "operator", None, "no role operator"),
            ("m.takamatsu", "root", None, "no role root"),
            ("m.takamatsu", "monitor", "KND", "take a --site"),
            ("m.takamatsu", "site_entry", None, "take a --site"),
        ],
    )
    def test_that_can_not_be_is_told_why(self, do, site, name, role, place, says):
        with pytest.raises(WrongUsage, match=says):
            do(add_person, name, role, site=place, days=1)

    def test_has_a_name_of_their_own_for_ever(self, do):
        do(add_person, "m.takamatsu", "monitor", site=None, days=1)
        do(disable_person, "m.takamatsu")
        with pytest.raises(Conflict, match="never used again"):
            do(add_person, "m.takamatsu", "monitor", site=None, days=1)

    def test_changes_a_key_by_a_second_one(self, do, who):
        first = do(add_person, "m.takamatsu", "monitor", site=None, days=1)
        second = do(further_key, "m.takamatsu", days=1)
        assert who(first).person == who(second).person == "m.takamatsu"
        with pytest.raises(Conflict, match="2 active keys"):
            do(further_key, "m.takamatsu", days=1)

    def test_changes_nobodys_own_rights(self, do):
        do(first_admin, "boss")
        for step in (
            lambda: do(change_role, "boss", "data_manager", site=None),
            lambda: do(disable_person, "boss"),
        ):
            with pytest.raises(NotAllowed, match="their own role"):
                step()

    def test_who_is_the_last_administrator_stays_one(self, do):
        do(first_admin, "first")
        for step in (
            lambda: do(change_role, "first", "auditor", site=None),
            lambda: do(disable_person, "first"),
        ):
            with pytest.raises(Conflict, match="the last administrator"):
                step()
        do(add_person, "second", "admin", site=None, days=1)
        do(disable_person, "first")

    def test_of_a_disabled_hospital_is_refused(self, do, who, site):
        mine = do(add_person, "m.takamatsu", "site_entry", site="KND", days=1)
        do(disable_site, "KND")
        with pytest.raises(KeyRefused):
            who(mine)

    def test_every_change_is_told_with_what_was_before(self, do, rows):
        do(add_person, "m.takamatsu", "monitor", site=None, days=1)
        do(change_role, "m.takamatsu", "auditor", site=None)
        do(disable_person, "m.takamatsu")
        told = {row.action: row for row in rows("SELECT action, actor, subject, detail FROM event")}
        assert {row.actor for row in told.values()} == {"user:boss"}
        assert told["user.role_changed"].detail == {
            "before": {"role": "monitor", "site_id": None},
            "after": {"role": "auditor", "site_id": None},
        }
        assert told["user.disabled"].subject == "m.takamatsu"


class TestOperator:
    def test_is_known_on_servers_of_ones_own_only(self, registry, who):
        with registry.work() as work:
            mine = operator_key(work)
        assert who(mine, own_servers=True).role == OPERATOR
        with pytest.raises(KeyRefused):
            who(mine)

    def test_has_one_key_and_a_new_one_ends_the_old_one(self, registry, who):
        with registry.work() as work:
            first, second = operator_key(work), operator_key(work)
        with pytest.raises(KeyRefused):
            who(first, own_servers=True)
        assert who(second, own_servers=True).actor == "user:operator"

    def test_is_changed_by_nobody(self, registry, do):
        with registry.work() as work:
            operator_key(work)
        for step in (
            lambda: do(change_role, OPERATOR, "monitor", site=None),
            lambda: do(disable_person, OPERATOR),
        ):
            with pytest.raises(NotAllowed, match="data folder"):
                step()
        with pytest.raises(Conflict, match="gets no key"):
            do(further_key, OPERATOR, days=1)

"""The chain over the audit trail: holds, and shows every kind of tampering."""

import pytest
from sqlalchemy import text

from registry.pipeline.seal import seal, verify
from registry.store import events


@pytest.fixture
def happen(registry):
    """Add events that happened some time ago."""

    def add(count, ago="1 minute"):
        with registry.work() as work:
            last = work.session.execute(text("SELECT coalesce(max(id), 0) FROM event")).scalar_one()
            events.add(
                work.session, [events.happened("case.read", f"KND-{n}", actor="test") for n in range(count)]
            )
            change = "UPDATE event SET at = at - CAST(:ago AS interval) WHERE id > :last"
            work.session.execute(text(change), {"ago": ago, "last": last})

    return add


@pytest.fixture
def sealed(registry):
    def now():
        with registry.work() as work:
            return seal(work)

    return now


@pytest.fixture
def broken(registry):
    def now():
        with registry.work() as work:
            return verify(work.session)

    return now


def test_the_chain_of_nothing_holds(sealed, broken):
    assert sealed() == 0
    assert broken() is None


def test_every_event_is_sealed_once(happen, sealed, broken):
    for count in (3, 0, 4):
        happen(count)
        assert sealed() == count
    assert sealed() == 0
    assert broken() is None


def test_what_may_still_have_a_smaller_sibling_in_flight_waits(happen, sealed, broken, registry):
    """Ids are given before the commit: sealed at once, the sibling would look like an insertion."""
    happen(2)
    with registry.work() as slow:
        events.add(slow.session, [events.happened("case.read", "KND-slow", actor="test")])
        happen(3)
        assert sealed() == 2
    assert sealed() == 4
    assert broken() is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET actor = 'nobody' WHERE id = :middle",
        "UPDATE event SET detail = '{\"x\": 1}' WHERE id = :middle",
        "UPDATE event SET at = at + interval '1 microsecond' WHERE id = :middle",
        "DELETE FROM event WHERE id = :middle",
        "DELETE FROM event WHERE id = (SELECT min(id) FROM event) AND :middle > 0",
        "UPDATE event SET subject = CASE id WHEN :middle THEN 'KND-3' ELSE 'KND-2' END WHERE id IN (:middle, :middle + 1)",
        "DELETE FROM seal WHERE id = (SELECT min(id) FROM seal) AND :middle > 0",
        "UPDATE seal SET hash = repeat('0', 64) WHERE id = (SELECT min(id) FROM seal) AND :middle > 0",
    ],
)
def test_tampering_shows(happen, sealed, broken, registry, tampering):
    for _ in range(2):
        happen(5)
        sealed()
    assert broken() is None
    with registry.work() as work:
        middle = work.session.execute(text("SELECT min(id) + 2 FROM event")).scalar_one()
        assert work.session.execute(text(tampering), {"middle": middle}).rowcount
    assert "breaks at seal" in (broken() or "")


def test_an_event_smuggled_in_between_shows(happen, sealed, broken, registry):
    happen(5)
    with registry.work() as work:  # a hole, as a transaction leaves it that was rolled back
        work.session.execute(text("DELETE FROM event WHERE subject = 'KND-2'"))
        hole = work.session.execute(text("SELECT min(id) + 2 FROM event")).scalar_one()
    sealed()
    assert broken() is None
    with registry.work() as work:
        smuggle = """
            INSERT INTO event (id, at, actor, action, subject, detail, transaction) OVERRIDING SYSTEM VALUE
            SELECT :hole, at, actor, action, 'KND-2', detail, transaction FROM event WHERE id = :hole - 1
        """
        work.session.execute(text(smuggle), {"hole": hole})
    assert "breaks at seal" in (broken() or "")

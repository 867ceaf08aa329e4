"""The chain over the audit trail: holds, and shows every kind of tampering."""

import pytest
from sqlalchemy import text

from registry.pipeline.report import build
from registry.pipeline.report_life import lock, publish, the_report
from registry.pipeline.seal import newest, printed_on, seal, verify
from registry.store import events, reports


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
    assert broken() == []


def test_every_event_is_sealed_once(happen, sealed, broken):
    for count in (3, 0, 4):
        happen(count)
        assert sealed() == count
    assert sealed() == 0
    assert broken() == []


def test_what_may_still_have_a_smaller_sibling_in_flight_waits(happen, sealed, broken, registry):
    """Ids are given before the commit: sealed at once, the sibling would look like an insertion."""
    happen(2)
    with registry.work() as slow:
        events.add(slow.session, [events.happened("case.read", "KND-slow", actor="test")])
        happen(3)
        assert sealed() == 2
    assert sealed() == 4
    assert broken() == []


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
    assert broken() == []
    with registry.work() as work:
        middle = work.session.execute(text("SELECT min(id) + 2 FROM event")).scalar_one()
        assert work.session.execute(text(tampering), {"middle": middle}).rowcount
    assert "breaks at seal" in "".join(broken())


class TestHeadsElsewhere:
    """Whoever owns the database can make the chain consistent again; what was printed before is out of their reach."""

    @pytest.fixture
    def report(self, registry, happen, sealed):
        """A published report that prints the head of a chain of two seals; gives its page."""
        for _ in range(2):
            happen(5)
            sealed()
        with registry.work() as work:
            made, _ = build(work, registry.settings, audience="public", trigger="test")
        with registry.work() as work:
            lock(work, the_report(work, made.number), actor="test", why="for this test")
            publish(work, registry.settings, the_report(work, made.number), actor="test")
            files = {one.name: one.content for one in reports.files(work.session, made.id)}
            assert (
                printed_on(files["report.json"]) == printed_on(files["report.html"]) == newest(work.session)
            )
        return files["report.html"]

    @pytest.fixture
    def owner(self, registry):
        """Do something as the owner of the database."""

        def does(*statements):
            with registry.work() as work:
                for one in statements:
                    work.session.execute(text(one))

        return does

    CUT = (
        "DELETE FROM event WHERE transaction >= (SELECT max(below) FROM seal WHERE id < (SELECT max(id) FROM seal))",
        "DELETE FROM seal WHERE id = (SELECT max(id) FROM seal)",
    )

    def test_hold_when_nobody_meddled(self, report, broken):
        assert broken() == []

    def test_show_that_the_end_was_cut_off(self, report, owner, broken):
        owner(*self.CUT)
        assert ["on report 1 is not in the chain" in one for one in broken()] == [True]

    def test_show_that_the_end_was_cut_off_and_grew_again(self, report, owner, broken, happen, sealed):
        owner(*self.CUT)
        happen(9)
        sealed()
        assert ["on report 1 is not in the chain" in one for one in broken()] == [True]

    def test_show_that_the_whole_chain_was_made_anew(self, report, owner, broken, sealed):
        owner("UPDATE event SET actor = 'nobody' WHERE id = (SELECT min(id) FROM event)", "DELETE FROM seal")
        sealed()
        assert ["on report 1 is not in the chain" in one for one in broken()] == [True]

    def test_show_it_also_when_the_report_is_gone_but_somebody_has_a_copy(
        self, report, owner, registry, sealed
    ):
        owner(
            "UPDATE event SET actor = 'nobody' WHERE id = (SELECT min(id) FROM event)",
            "DELETE FROM seal",
            "TRUNCATE report, report_file, report_attachment, report_edition, report_withdrawal",
        )
        sealed()
        with registry.work() as work:
            assert verify(work.session) == []
            copy = {"the copy of Kindai": printed_on(report)}
            assert "on the copy of Kindai is not in the chain" in verify(work.session, copy)[0]


def test_an_event_smuggled_in_between_shows(happen, sealed, broken, registry):
    happen(5)
    with registry.work() as work:  # a hole, as a transaction leaves it that was rolled back
        work.session.execute(text("DELETE FROM event WHERE subject = 'KND-2'"))
        hole = work.session.execute(text("SELECT min(id) + 2 FROM event")).scalar_one()
    sealed()
    assert broken() == []
    with registry.work() as work:
        smuggle = """
            INSERT INTO event (id, at, actor, action, subject, detail, transaction) OVERRIDING SYSTEM VALUE
            SELECT :hole, at, actor, action, 'KND-2', detail, transaction FROM event WHERE id = :hole - 1
        """
        work.session.execute(text(smuggle), {"hole": hole})
    assert "breaks at seal" in "".join(broken())

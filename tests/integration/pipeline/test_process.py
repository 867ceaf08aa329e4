"""Process: a verdict once for each submission, and the same case whatever the order, the repeats and the workers."""

import random
import threading
from datetime import UTC, datetime

import pytest

from registry.domain.case import Case
from registry.domain.reading import read_submission
from registry.ids import new_id
from registry.pipeline.cases import show_case
from registry.pipeline.chunk import run_chunk
from registry.pipeline.load import load_cases
from tests.factories import a_course, a_record, a_state, a_submission

COUNTED = "SELECT (SELECT count(*) FROM record) AS records, (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM query) AS queries"


@pytest.fixture
def run(registry):
    return lambda ids: run_chunk(registry.work, registry.settings, ids)


def corrections(case="KND-0001", days=range(1, 6)):
    """The same record corrected again and again, with a death and a second record among them."""
    made = []
    for day in days:
        forms = {"function": [a_state(ecog=day % 5), a_state("2025-04-01", ecog=1)]} | (
            a_course() if day == 3 else {}
        )
        made.append(
            a_submission(case, recorded_at=f"2026-03-{day:02}T00:00:00Z", forms=forms, reason="looked again")
        )
    return made


def test_received_becomes_accepted_with_records_events_and_derived_values(
    receive, run, rows, state, registry
):
    (one,) = receive(a_submission(forms=a_course()))
    assert state(one) == "received"
    assert run([one]) == 1
    assert state(one) == "accepted"
    assert [row.form for row in rows("SELECT form FROM record ORDER BY form")] == ["death", "mps_episode"]
    (event,) = rows("SELECT action, detail FROM event WHERE subject = :id", id=str(one))
    assert event.action == "submission.accepted"
    assert "KND-0001" not in str(event.detail)  # the trail knows the registry's id, not the site's
    (case,) = rows('SELECT derived, analysis, basis FROM "case"')
    assert case.derived
    assert case.analysis
    assert rows("SELECT 1 FROM attempt") == []


def test_a_second_delivery_has_no_effect(receive, run, rows):
    ids = receive(a_submission(), a_submission("KND-0002", forms={"function": [a_state(ecog=0, kps=70)]}))
    run(ids)
    before = rows(COUNTED), rows("SELECT * FROM submission ORDER BY id")
    assert run(ids) == 0
    assert (rows(COUNTED), rows("SELECT * FROM submission ORDER BY id")) == before


def test_an_id_of_nobody_is_left_alone(run):
    assert run([new_id()]) == 0


def test_a_refused_one_leaves_nothing_in_the_case(receive, run, rows, state):
    good, bad, after = receive(
        a_submission(),
        a_submission(forms={"function": [a_state("2199-01-01")]}),
        a_submission(forms={"function": [a_state("2025-05-01")]}),
    )
    run([good, bad, after])
    assert [state(one) for one in (good, bad, after)] == ["accepted", "rejected", "accepted"]
    assert [row.key for row in rows("SELECT key FROM record ORDER BY key")] == [
        "2025-03-10|||",
        "2025-05-01|||",
    ]


def test_a_chunk_is_judged_in_the_order_of_arrival(receive, run, rows):
    """Whatever the order of the ids in the message: the second is a correction that gives no reason."""
    first, second = receive(
        a_submission(),
        a_submission(recorded_at="2026-03-05T00:00:00Z", forms={"function": [a_state(ecog=4)]}),
    )
    run([second, first])
    found = rows("SELECT id, state, findings FROM submission ORDER BY id")
    assert [(row.id, row.state) for row in found] == [(first, "accepted"), (second, "rejected")]
    assert [finding["rule"] for finding in found[1].findings] == ["E12"]


def test_what_comes_late_is_kept_in_the_history_and_says_so(receive, run, rows, registry):
    newer, older = corrections(days=(4, 2))
    for document in (newer, older):
        run(receive(document))
    first, second = (row.effect["late"] for row in rows("SELECT effect FROM submission ORDER BY id"))
    assert first == []
    assert [one["form"] for one in second] == ["function", "function"]
    with registry.work() as work:
        shown = show_case(work, registry.settings, "KND-0001", site_id=None, actor="test")
    assert [one["ecog"] for one in shown["forms"]["function"]] == [4, 1]
    assert len(rows("SELECT 1 FROM record")) == 4


def test_the_past_can_be_asked_for(receive, run, registry):
    moments = []
    for document in corrections():
        run(receive(document))
        with registry.work() as work:
            moments.append(work.now())
    for day, moment in enumerate(moments, 1):
        with registry.work() as work:
            shown = show_case(work, registry.settings, "KND-0001", site_id=None, actor="test", as_of=moment)
        assert shown["forms"]["function"][0]["ecog"] == day % 5


def test_a_withdrawn_record_is_gone_from_the_case_and_there_in_the_history(receive, run, rows, registry):
    gone = {"assess_date": "2025-03-10", "retracted": "of another patient"}
    run(receive(a_submission(), a_submission(recorded_at="2026-03-05T00:00:00Z", forms={"function": [gone]})))
    with registry.work() as work:
        assert show_case(work, registry.settings, "KND-0001", site_id=None, actor="test")["forms"] == {}
    assert len(rows("SELECT 1 FROM record")) == 2


class TestTheSameCase:
    """Merging is tested as a law elsewhere; here through the database, with real transactions."""

    @staticmethod
    def expected(documents):
        return Case.of(version for one in documents for version in read_submission(one)[0].versions)

    @staticmethod
    def stored(registry, rows):
        """The cases by pseudonym, with what is derived from them."""
        names = {row.id: row for row in rows('SELECT id, pseudonym, derived FROM "case"')}
        with registry.work() as work:
            cases = load_cases(work, list(names))
        return {row.pseudonym: (cases[row.id], row.derived) for row in names.values()}

    def test_in_any_order_and_with_repeats(self, receive, run, rows, registry):
        documents = corrections()
        for seed in range(4):
            order = [one | {"case": f"KND-{seed}"} for one in documents + documents[:2]]
            random.Random(seed).shuffle(order)
            run(receive(*order))
        found = self.stored(registry, rows)
        assert len(found) == 4
        for case, derived in found.values():
            assert case == self.expected(documents)
            assert derived == found["KND-0"][1]

    def test_by_several_workers_at_once(self, receive, run, rows, registry):
        """Each has all cases in its chunk, in another order: they wait for one another, and never deadlock.

        What came to a worker before an earlier one of its case is held back, and decided when it is rung again.
        """
        documents = {name: corrections(name, range(1, 9)) for name in ("KND-0", "KND-1", "KND-2", "KND-3")}
        chunks = []
        for seed in range(4):
            part = [one for of_case in documents.values() for one in of_case[seed::4]]
            random.Random(seed).shuffle(part)
            chunks.append(receive(*part))
        decided = sum(in_threads(run, chunks))
        assert decided >= 8  # the first chunk comes before all others
        assert decided + sum(run(chunk) for chunk in chunks) == 32
        assert {(row.state, row.attempts) for row in rows("SELECT state, attempts FROM submission")} == {
            ("accepted", 0)
        }
        found = self.stored(registry, rows)
        assert {name: case for name, (case, _) in found.items()} == {
            name: self.expected(sent) for name, sent in documents.items()
        }

    def test_when_one_chunk_is_delivered_to_several_workers(self, receive, run, rows):
        ids = receive(*corrections())
        assert sum(in_threads(run, [ids] * 4)) == len(ids)
        (found,) = rows(COUNTED)
        assert found.records == len(
            {(one.hash, one.recorded_at) for one in rows("SELECT hash, recorded_at FROM record")}
        )
        accepted = rows("SELECT subject FROM event WHERE action = 'submission.accepted'")
        assert len(accepted) == len({row.subject for row in accepted}) == len(ids)


def in_threads(run, chunks):
    """Run chunks at the same moment; gives how many each decided."""
    ready, decided = threading.Barrier(len(chunks)), []

    def work(ids):
        ready.wait(10)
        decided.append(run(ids))

    threads = [threading.Thread(target=work, args=(ids,)) for ids in chunks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(decided) == len(chunks)
    return decided


def test_recorded_in_the_future_is_refused(receive, run, rows):
    """It would beat every correction made today."""
    year = datetime.now(UTC).year + 1
    run(receive(a_submission(recorded_at=f"{year}-01-01T00:00:00Z")))
    (row,) = rows("SELECT state, findings FROM submission")
    assert row.state == "rejected"
    assert [(one["rule"], one["pointer"]) for one in row.findings] == [("E05", "/recorded_at")]


def test_a_follow_up_may_come_before_its_baseline(receive, run, state):
    follow_up = a_record("follow_up", visit_date="2025-08-01")
    ids = receive(
        a_submission(forms={"follow_up": [follow_up]}), a_submission(forms=a_course(death="2025-09-01"))
    )
    for one in ids:
        run([one])
        assert state(one) == "accepted"

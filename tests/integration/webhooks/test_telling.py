"""Webhooks against a real receiver on loopback, whose signatures a stock verifier checks."""

import json
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook, WebhookVerificationError

from registry.pipeline import webhooks as steps
from registry.pipeline.queries import act, list_queries
from registry.pipeline.sites import add_site, disable_site
from registry.wiring import Registry
from tests.factories import a_course, a_state
from tests.receiver import Receiver, receiving
from tests.telling import deliver, hurry, register, rows, send


def test_verdicts_are_told_once_and_the_stock_verifier_accepts_them(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    secret = register(told, f"{receiver.url}/mps")
    good = send(told)
    bad = send(told, case="KND-0002", forms=a_course("2025-06-01", death="2025-01-10"))
    decide()
    assert deliver(told) >= 2
    assert deliver(told) == 0
    verdicts = {
        one["data"]["submission"]: one["type"]
        for one in receiver.messages()
        if one["type"].startswith("submission")
    }
    assert verdicts == {good: "submission.accepted", bad: "submission.rejected"}
    judge = Webhook(secret)
    for headers, body in receiver.got:
        assert judge.verify(body, headers) == json.loads(body)
        assert headers["content-type"] == "application/json"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == len(receiver.got)


def test_the_verifier_refuses_what_was_changed(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    secret = register(told, receiver.url)
    send(told)
    decide()
    deliver(told)
    headers, body = receiver.got[0]
    for changed in (
        lambda: Webhook(secret).verify(json.dumps(json.loads(body), indent=1).encode(), headers),
        lambda: Webhook(secret).verify(
            body, headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
        ),
        lambda: Webhook("whsec_" + "A" * 43 + "=").verify(body, headers),
    ):
        with pytest.raises(WebhookVerificationError):
            changed()


def test_a_message_holds_ids_and_no_word_of_the_case(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    send(told, forms=a_course())
    decide()
    deliver(told)
    for one in receiver.messages():
        assert set(one) == {"type", "timestamp", "data"}
        assert set(one["data"]) in ({"cursor", "submission"}, {"cursor", "query"})
    assert b"KND-0001" not in b"".join(body for _, body in receiver.got)


def test_queries_are_told_when_they_open_and_close(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    send(told, forms={"function": [a_state(ecog=0, kps=70)]})  # the two scores disagree
    decide()
    with told.work() as work:
        asked = list_queries(work, site_id=None)["queries"]
    assert asked
    with told.work() as work:
        query = asked[0]["id"]
        act(work, query, "close", "settled by phone", site_id=None, actor="test")
    deliver(told)
    opened = {one["data"]["query"] for one in receiver.messages() if one["type"] == "query.opened"}
    assert opened == {one["id"] for one in asked}
    assert [one["data"]["query"] for one in receiver.messages() if one["type"] == "query.closed"] == [query]


def test_each_site_is_told_its_own(told: Registry, receiver: Receiver, decide: Callable[[], int]) -> None:
    with told.work() as work:
        add_site(work, "OSA", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
    with receiving() as other:
        register(told, receiver.url)
        register(told, other.url, "OSA")
        mine, theirs = send(told), send(told, "OSA", "OSA-1")
        decide()
        deliver(told)
        assert receiver.messages()[0]["data"]["submission"] == mine
        assert {one["data"]["submission"] for one in other.messages() if "submission" in one["data"]} == {
            theirs
        }


def test_a_failure_is_tried_again_later_under_the_same_id(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    send(told)
    decide()
    receiver.answers = [500, 503]
    assert deliver(told) == 0
    assert deliver(told) == 0  # the pause is not over: the first is left alone, and nothing else may be due
    first = rows(told, "state, attempts, outcome, next_at > now()")[0]
    assert first == ("waiting", 1, "answered 500", True)
    hurry(told)
    deliver(told)
    hurry(told)
    deliver(told)
    assert rows(told, "state")[0] == ("delivered",)
    event = receiver.messages()[0]["data"]["cursor"]
    same = {h["webhook-id"] for h, body in receiver.got if json.loads(body)["data"]["cursor"] == event}
    assert len(same) == 1


def test_the_pauses_grow_and_end(told: Registry, receiver: Receiver, decide: Callable[[], int]) -> None:
    register(told, receiver.url)
    send(told)
    decide()
    receiver.answers = [500] * 1_000
    pauses = []
    for _ in range(len(steps.PAUSES) + 1):
        hurry(told)
        deliver(told)
        pauses.append(rows(told, "round(extract(epoch FROM next_at - now()))::int, state")[0])
    assert [pause for pause, state in pauses if state == "waiting"] == [
        pytest.approx(pause, abs=3) for pause in steps.PAUSES
    ]
    assert pauses[-1][1] == "failed"
    assert list(steps.PAUSES) == sorted(steps.PAUSES)


def test_a_redirect_is_a_failure_and_not_followed(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    send(told)
    decide()
    receiver.answers = [302]
    deliver(told)
    assert rows(told, "outcome")[0] == ("answered 302",)
    assert len(receiver.got) == 1


def test_410_stops_it_until_it_is_registered_again(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    send(told)
    decide()
    receiver.answers = [410]
    assert deliver(told) == 0
    hurry(told)
    assert deliver(told) == 0
    assert len(receiver.got) == 1
    with told.work() as work:
        stopped = work.session.execute(text("SELECT stop_reason FROM webhook")).scalar_one()
        event = "SELECT actor FROM event WHERE action = 'webhook.stopped'"
        assert work.session.execute(text(event)).scalars().all() == ["registry"]
    assert stopped == "answered 410 Gone"
    register(told, receiver.url)
    assert deliver(told) >= 1  # what happened meanwhile


def test_everything_after_a_cursor_can_be_sent_again_under_the_same_ids(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    for number in range(3):
        send(told, case=f"KND-{number}")
    decide()
    count = deliver(told)
    first = {h["webhook-id"]: body for h, body in receiver.got}
    after = receiver.messages()[0]["data"]["cursor"]
    receiver.got.clear()
    with told.work() as work:
        steps.replay(work, "KND", after, actor="test")
    assert deliver(told) == count - 1
    again = {h["webhook-id"]: body for h, body in receiver.got}
    assert again.items() <= first.items()
    receiver.got.clear()
    with told.work() as work:  # from the beginning, though the old deliveries are forgotten
        work.session.execute(text("DELETE FROM webhook_delivery"))
        steps.replay(work, "KND", 0, actor="test")
    assert deliver(told) == count
    assert [one["data"]["cursor"] for one in receiver.messages()] == sorted(
        json.loads(body)["data"]["cursor"] for body in first.values()
    )


def test_an_event_that_commits_late_with_a_smaller_id_is_told(told: Registry, receiver: Receiver) -> None:
    """Ids are given before the commit: the transaction that began first may end last."""
    register(told, receiver.url)
    insert = text(
        "INSERT INTO event (site_id, actor, action, subject, detail) "
        "SELECT id, 'registry', 'submission.accepted', :subject, '{}' FROM site RETURNING id"
    )
    with told.work() as slow:
        early = slow.session.execute(insert, {"subject": "early"}).scalar_one()
        with told.work() as quick:
            late = quick.session.execute(insert, {"subject": "late"}).scalar_one()
        assert early < late
        assert deliver(told) == 1
    assert deliver(told) == 1
    assert [one["data"]["submission"] for one in receiver.messages()] == ["late", "early"]


def test_a_site_that_does_not_answer_keeps_no_other_waiting(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    with told.work() as work:
        add_site(work, "OSA", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
    register(told, "http://127.0.0.1:9")  # nobody listens
    register(told, receiver.url, "OSA")
    for number in range(3):
        send(told, case=f"KND-{number}")
    theirs = send(told, "OSA", "OSA-1")
    decide()
    deliver(told)
    assert theirs in {one["data"].get("submission") for one in receiver.messages()}
    tries = [row for row in rows(told, "attempts, outcome") if row[0]]
    assert tries[0] == (1, "could not be reached (ConnectError)")


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    old = register(told, receiver.url)
    new = register(told, receiver.url)
    send(told)
    decide()
    deliver(told)
    headers, body = receiver.got[0]
    assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers)
    with told.work() as work:
        work.session.execute(text("UPDATE webhook SET rotated_at = now() - interval '25 hours'"))
    send(told, case="KND-0002")
    decide()
    deliver(told)
    headers, body = receiver.got[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_a_disabled_site_is_told_nothing(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    send(told)
    decide()
    with told.work() as work:
        disable_site(work, "KND", actor="test")
    assert deliver(told) == 0
    assert receiver.got == []


def test_two_runs_at_once_tell_nothing_twice(
    told: Registry, receiver: Receiver, decide: Callable[[], int]
) -> None:
    register(told, receiver.url)
    for number in range(10):
        send(told, case=f"KND-{number}")
    decide()
    threads = [threading.Thread(target=deliver, args=(told,)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    deliver(told)
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(ids) == len(set(ids)) == len(rows(told, "id"))

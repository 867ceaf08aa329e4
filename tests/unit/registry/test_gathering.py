"""Gathering: what comes together is sent together, once, and nothing is left behind."""

import threading

from registry.gathering import Gathering
from tests.waiting import until


def test_what_comes_within_the_window_is_one_message():
    sent, may_send = [], threading.Event()
    gathering = Gathering(lambda ids: (may_send.wait(10), sent.append(list(ids))), window=0, most=100)
    gathering.add(["first"])
    until(lambda: not gathering._ids)  # the thread took it and waits to send it
    for one in ("a", "b", "c"):
        gathering.add([one])
    may_send.set()
    gathering.close()
    assert sent == [["first"], ["a", "b", "c"]]


def test_a_message_holds_at_most_so_many():
    sent = []
    gathering = Gathering(lambda ids: sent.append(list(ids)), window=60, most=2)
    gathering.add(["a", "b", "c", "d", "e"])
    gathering.close()  # ends the window
    assert sent == [["a", "b"], ["c", "d"], ["e"]]


def test_from_many_threads_each_id_is_sent_once():
    sent = []
    gathering = Gathering(sent.extend, window=0.001, most=7)
    threads = [
        threading.Thread(target=lambda n=n: [gathering.add([f"{n}-{i}"]) for i in range(200)])
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gathering.close()
    assert sorted(sent) == sorted(f"{n}-{i}" for n in range(8) for i in range(200))
    for n in range(8):
        assert [one for one in sent if one.startswith(f"{n}-")] == [f"{n}-{i}" for i in range(200)]


def test_without_ids_nothing_is_sent():
    sent = []
    Gathering(sent.append, window=0, most=1).close()
    assert sent == []

"""Gathering: what comes together is sent together, once, and nothing is left behind."""

import threading

from registry.gathering import Gathering
from tests.waiting import until


def test_ids_that_come_while_one_is_sent_go_together():
    sent, may_send = [], threading.Event()

    def send(task, arguments):
        may_send.wait(10)
        sent.append((task, arguments))

    gathering = Gathering(send, joined="one", window=0, most=100)
    gathering.add("one", (["first"],))
    until(lambda: not gathering._rings)  # the thread took it and waits to send it
    for name in ("b", "c", "d"):
        gathering.add("one", ([name],))
    may_send.set()
    gathering.close()
    assert sent == [("one", (["first"],)), ("one", (["b", "c", "d"],))]


def test_a_message_is_never_longer_than_it_may_be_and_none_is_left():
    sent = []
    gathering = Gathering(lambda task, arguments: sent.append(arguments[0]), joined="one", window=60, most=2)
    gathering.add("one", (["a", "b", "c", "d", "e"],))
    gathering.close()  # ends the window
    assert sent == [["a", "b"], ["c", "d"], ["e"]]


def test_other_rings_stay_messages_of_their_own():
    sent = []
    gathering = Gathering(lambda *ring: sent.append(ring), joined="one", window=60, most=100)
    for ring in [("bulk", (["a", "b"],)), ("one", (["c"],)), ("report", ()), ("bulk", (["d"],))]:
        gathering.add(*ring)
    gathering.close()
    assert sent == [("one", (["c"],)), ("bulk", (["a", "b"],)), ("report", ()), ("bulk", (["d"],))]

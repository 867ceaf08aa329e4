"""Together: what is asked at the same moment is answered in one go, each by itself."""

import asyncio
import threading

import pytest

from registry.together import Together


def asked_during_the_first(answer, *questions, most=50):
    """What ``answer`` was asked, run by run, and what came of it: the questions come while that before them is answered."""
    runs, begun, goes_on = [], threading.Event(), threading.Event()

    def slowly(asked):
        runs.append(list(asked))
        begun.set()
        assert goes_on.wait(20)
        return answer(asked)

    async def ask():
        together = Together(slowly, most=most)
        first = asyncio.create_task(together.ask("first"))
        await asyncio.to_thread(begun.wait, 20)
        others = [asyncio.create_task(together.ask(one)) for one in questions]
        await asyncio.sleep(0)  # each of them has asked
        goes_on.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    return runs, asyncio.run(ask())


def loudly(asked):
    return [one.upper() for one in asked]


def test_what_is_asked_during_a_run_is_the_next_and_each_gets_its_own_answer():
    runs, answers = asked_during_the_first(loudly, "a", "b", "c")
    assert runs == [["first"], ["a", "b", "c"]]
    assert answers == ["FIRST", "A", "B", "C"]


def test_with_a_pause_a_run_waits_until_nobody_else_comes():
    runs = []

    def answer(asked):
        runs.append(len(asked))
        return asked

    async def ask():
        together = Together(answer, pause=0.5, most=3)
        async with asyncio.TaskGroup() as asking:
            for one in range(3):
                asking.create_task(together.ask(one))
                await asyncio.sleep(0)

    asyncio.run(ask())
    assert runs == [3]


def test_a_run_has_an_end():
    runs, answers = asked_during_the_first(loudly, "a", "b", "c", most=2)
    assert runs == [["first"], ["a", "b"], ["c"]]
    assert answers == ["FIRST", "A", "B", "C"]


def test_an_error_that_is_an_answer_is_raised_to_who_asked():
    refused = LookupError("b")
    _, answers = asked_during_the_first(
        lambda asked: [refused if one == "b" else one for one in asked], "a", "b"
    )
    assert answers == ["first", "a", refused]


def test_an_error_of_a_run_is_raised_to_all_of_it_and_the_next_begins():
    def once(asked):
        if "first" in asked:
            raise LookupError
        return loudly(asked)

    _, (first, second) = asked_during_the_first(once, "second")
    assert isinstance(first, LookupError)
    assert second == "SECOND"


def test_who_no_longer_waits_is_passed_over():
    async def ask():
        together = Together(loudly)
        gone, here = asyncio.create_task(together.ask("gone")), asyncio.create_task(together.ask("here"))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await here, await together.ask("later")

    assert asyncio.run(ask()) == ("HERE", "LATER")

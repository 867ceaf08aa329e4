"""Random numbers repeat: on every machine, in every version, for every patient on its own."""

import math

from registry.domain.simulation.stream import stream


def test_a_stream_repeats_on_every_machine():
    # The twister of Matsumoto and Nishimura, seeded through BLAKE2b: both are fixed for good.
    drawn = stream(2018, "case 7")
    assert [drawn.below(10**6) for _ in range(4)] == [362810, 835024, 744855, 583564]


def test_streams_of_subjects_and_seeds_differ():
    firsts = {stream(seed, f"case {case}").random() for seed in range(20) for case in range(20)}
    assert len(firsts) == 400


def test_waiting_times_have_their_mean():
    drawn = stream(5, "waiting")
    waits = [drawn.wait(30.0) for _ in range(20_000)]
    assert abs(sum(waits) / len(waits) - 30) < 1
    assert min(waits) >= 0


def test_an_event_that_never_happens_is_never_waited_for():
    assert stream(5, "never").wait(math.inf) == math.inf


def test_normal_deviates_have_mean_0_and_variance_1():
    drawn = stream(5, "normal")
    values = [drawn.normal() for _ in range(20_000)]
    mean = sum(values) / len(values)
    assert abs(mean) < 0.03
    assert abs(sum((value - mean) ** 2 for value in values) / len(values) - 1) < 0.03

from registry.domain.report.people import People
from registry.domain.report.times import times
from tests.factories_analysis import a_row, a_study, a_time


def people(*told) -> People:
    return People.everyone(a_study(*(a_row(os_onset=time) for time in told)))


def reasons(found) -> dict[str, int]:
    return {str(reason): len(group) for reason, group in found.left_out.items()}


def test_who_cannot_be_counted_is_left_out_with_the_reason() -> None:
    found = times(
        people(
            a_time(200),
            a_time(None, None),
            a_time(None, None, reason="no_last_contact"),
            a_time(200, flags=("wide_bounds",)),
            a_time(200, flags=("disputed_origin",)),
            a_time(40, entry=40),
            a_time(30, entry=40),
        ),
        "os_onset",
    )
    assert len(found.people) == found.tally.n == 1
    assert reasons(found) == {
        "disputed_origin": 1,
        "entry after the exit": 1,
        "no time at risk: entered on the day of exit": 1,
        "no_last_contact": 1,
        "no_origin": 1,
        "wide_bounds": 1,
    }


def test_without_delayed_entry_everybody_counts_from_the_origin() -> None:
    found = times(people(a_time(200, entry=40), a_time(30, entry=40)), "os_onset", delayed=False)
    assert (found.tally.n, found.tally.n0, found.left_out) == (2, 2, {})


def test_vague_times_may_be_let_in_and_read_at_their_bounds() -> None:
    vague = a_time(200, exit_lo=150, exit_hi=260, flags=("wide_bounds",))
    assert times(people(vague), "os_onset").tally.n == 0
    early = times(people(vague), "os_onset", set_aside=frozenset(), ends="exit_lo")
    late = times(people(vague), "os_onset", set_aside=frozenset(), ends="exit_hi")
    assert (early.tally.last_day, late.tally.last_day) == (150, 260)

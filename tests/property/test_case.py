"""Merging is commutative, associative and idempotent: any order, any repetition, any split gives the same case."""

from datetime import UTC, datetime
from functools import reduce

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.case import EMPTY, Case, Version
from tests.strategies import RECORDS

TIMES = st.sampled_from([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)])
REASONS = st.sampled_from((None, "typed wrongly", "pathology arrived"))


@st.composite
def histories(draw: st.DrawFn) -> list[Version]:
    """Versions of few records at few times, so that corrections, ties, withdrawals and repeats all occur."""
    contents = [form.model_validate(plain) for form, plain in draw(st.lists(RECORDS, min_size=1, max_size=4))]
    contents += [one.model_copy(update={"retracted": "of another patient"}) for one in contents]
    contents += [one.model_copy(update={"missing": {}}) for one in contents]
    version = st.builds(Version.of, st.sampled_from(contents), TIMES, REASONS)
    return draw(st.lists(version, max_size=10))


LAWS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAWS
@given(histories(), histories(), histories())
def test_merge_is_commutative_associative_and_idempotent(a, b, c):
    one, two, three = Case.of(a), Case.of(b), Case.of(c)
    assert one.merge(two) == two.merge(one)
    assert one.merge(two).merge(three) == one.merge(two.merge(three))
    assert one.merge(one) == one
    assert one.merge(EMPTY) == one


@LAWS
@given(st.data())
def test_any_order_repetition_and_split_gives_the_same_case(data):
    versions = data.draw(histories())
    expected = Case.of(versions)
    arrived = data.draw(st.permutations(versions))
    if versions:
        arrived += data.draw(st.lists(st.sampled_from(versions), max_size=5))
    parts = [[] for _ in range(data.draw(st.integers(1, 4)))]
    for version in arrived:
        parts[data.draw(st.integers(0, len(parts) - 1))].append(version)
    case = reduce(Case.merge, map(Case.of, parts), EMPTY)
    assert case == expected
    assert list(case.current.items()) == list(expected.current.items())


@LAWS
@given(histories())
def test_nothing_is_lost_and_the_current_version_is_the_latest(versions):
    case = Case.of(versions)
    assert {(v.record, v.order) for v in case.all_versions()} == {(v.record, v.order) for v in versions}
    for record, kept in case.versions.items():
        latest = max((v for v in versions if v.record == record), key=lambda v: v.order)
        assert kept[-1].order == latest.order
        assert (record in case.current) == (latest.content.retracted is None)

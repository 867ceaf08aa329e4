from registry.domain.report.collapse import pooled, smallest_column, smallest_group
from registry.domain.report.people import People
from tests.factories_analysis import a_row, a_study


def groups(**sizes: int) -> dict[str, People]:
    study = a_study(*(a_row() for _ in range(sum(sizes.values()))))
    found, start = {}, 0
    for name, size in sizes.items():
        found[name] = People(study, range(start, start + size))
        start += size
    return found


def sizes(found: dict[str, People]) -> dict[str, int]:
    return {name: len(people) for name, people in found.items()}


def test_small_groups_are_pooled_at_the_end() -> None:
    assert sizes(pooled(groups(a=3, b=20, c=9), 11, "rest")) == {"b": 20, "rest": 12}


def test_a_pool_that_is_too_small_takes_in_the_smallest_other_group() -> None:
    assert sizes(pooled(groups(a=30, b=3, c=20), 11, "rest")) == {"a": 30, "rest": 23}


def test_nothing_is_pooled_where_all_are_large() -> None:
    assert sizes(pooled(groups(a=30, b=11), 11, "rest")) == {"a": 30, "b": 11}


def test_all_are_pooled_where_all_are_small() -> None:
    assert sizes(pooled(groups(a=2, b=3), 11, "rest")) == {"rest": 5}
    assert pooled({}, 11, "rest") == {}


def test_staff_see_every_group() -> None:
    assert smallest_group(a_study(threshold=11)) == smallest_column(a_study(threshold=11)) == 1
    assert smallest_group(a_study(threshold=11, audience="public")) == 11
    assert smallest_column(a_study(threshold=11, audience="public")) == 44

"""Stretches of days: half-open pairs ``(first, after_last)`` of ordinals; no day counts twice."""

from collections.abc import Iterable

Stretch = tuple[int, int]


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The days of any of the stretches, in order and without overlap."""
    merged: list[Stretch] = []
    for first, after in sorted(stretches):
        if after <= first:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], after))
        else:
            merged.append((first, after))
    return merged


def common(one: Iterable[Stretch], other: Iterable[Stretch]) -> list[Stretch]:
    """The days of both."""
    others = list(other)
    return union((max(a, c), min(b, d)) for a, b in one for c, d in others)


def length(stretches: Iterable[Stretch]) -> int:
    """Number of days in any of the stretches."""
    return sum(after - first for first, after in union(stretches))

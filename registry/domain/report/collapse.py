"""Collapse before suppressing: groups too small to be told of are pooled before anything is counted in them."""

from collections.abc import Mapping

from registry.domain.report.document import Study
from registry.domain.report.people import People


def pooled(groups: Mapping[str, People], least: int, rest: str) -> dict[str, People]:
    """The groups, those with fewer than ``least`` patients together under the name ``rest``, at the end.

    A pool that is itself too small takes in the smallest of the others, so that it does not follow from the total.
    """
    small = sorted((name for name in groups if len(groups[name]) < least), key=lambda name: len(groups[name]))
    if not small:
        return dict(groups)
    large = sorted((name for name in groups if name not in small), key=lambda name: len(groups[name]))
    while large and sum(len(groups[name]) for name in small) < least:
        small.append(large.pop(0))
    kept = {name: people for name, people in groups.items() if name not in small}
    first, *others = (groups[name] for name in small)
    return {**kept, rest: first.together(*others)}


def smallest_group(study: Study) -> int:
    """The smallest group this audience may see by itself."""
    return study.threshold if study.audience == "public" else 1


def smallest_column(study: Study) -> int:
    """The smallest group that gets a column of its own where it is parted further, so that its parts can be told."""
    return 4 * study.threshold if study.audience == "public" else 1

"""Answers that several outcomes need are worked out once and live as long as the case they belong to."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from registry.domain.case import Case
from registry.domain.outcomes.outcome import Basis

T = TypeVar("T")


def remembered(work_out: Callable[[Case, Basis], T]) -> Callable[[Case, Basis], T]:
    """Keep the answer of a pure function of (case, basis) with the case, as its cached properties are kept.

    A case never changes, so an answer is never stale; it goes when the case goes, or when another basis is
    asked about.
    """
    name = f"{work_out.__module__}.{work_out.__qualname__}"

    @wraps(work_out)
    def answer(case: Case, basis: Basis) -> T:
        kept = vars(case)
        known: tuple[Basis, T] | None = kept.get(name)
        if known is None or (known[0] is not basis and known[0] != basis):
            known = kept[name] = basis, work_out(case, basis)
        return known[1]

    return answer

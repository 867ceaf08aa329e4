"""Answers about a case that several rules and outcomes ask for: worked out once, kept with the case they belong to."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from registry.domain.case import Case

T = TypeVar("T")


def kept(work_out: Callable[[Case], T]) -> Callable[[Case], T]:
    """Keep the answer of a pure function of a case with it, as its cached properties are kept.

    A case never changes, so an answer is never stale; it goes when the case goes.
    """
    name = f"{work_out.__module__}.{work_out.__qualname__}"

    @wraps(work_out)
    def answer(case: Case) -> T:
        known: dict[str, T] = case.__dict__
        if name not in known:
            known[name] = work_out(case)
        return known[name]

    return answer

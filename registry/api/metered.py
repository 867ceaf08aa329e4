"""Metered: writes are counted by key; reads of any kind never are."""

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from registry.errors import TooMany
from registry.pipeline.rate_limit import RateLimit

BATCH_UNITS = 50
"""What a batch counts, in single submissions."""


def meter(request: Request, units: int = 1) -> None:
    """Count a write of the bearer key; raises ``TooMany`` when it has used up its quota.

    A bucket belongs to the whole bearer text, not to the id in it: who guesses secrets empties no hospital's bucket.
    What it says is put on every answer, also on one that refuses the key or the data.
    """
    limit: RateLimit | None = request.app.state.rate_limit
    bearer = request.headers.get("authorization", "")
    allowance = limit.take(bearer, units) if limit and bearer else None
    if allowance is None:
        return
    said = [(name.encode(), value.encode()) for name, value in allowance.headers().items()]
    request.state.answer_headers = said
    if not allowance.granted:
        raise TooMany(
            f"this key has used up its {allowance.quota} writes of {allowance.window} seconds; "
            "send again after the seconds of Retry-After, or many cases as one POST /v1/batches"
        )


def metered(units: int = 1) -> Dependency:
    """A dependency that counts a write before the body is read.

    It costs a change of threads: a route whose body is small calls ``meter`` itself, in its own thread.
    """

    def counted(request: Request) -> None:
        meter(request, units)

    made: Dependency = Depends(counted)
    return made

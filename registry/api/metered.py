"""Metered: writes are counted by key, refused keys by address; a request with a right key that reads is never."""

import ipaddress

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from registry.errors import TooMany
from registry.pipeline.rate_limit import Allowance
from registry.together import Together

BATCH_UNITS = 50
"""What a batch counts, in single submissions."""


async def meter(request: Request, units: int = 1) -> None:
    """Count a write of the bearer key; raises ``TooMany`` when it has used up its quota.

    A bucket belongs to the whole bearer text, not to the id in it: who guesses secrets empties no hospital's bucket.
    What it says is put on every answer, also on one that refuses the data.
    """
    allowance = await _take(request, "writes", request.headers.get("authorization", ""), units)
    if allowance and not allowance.granted:
        raise TooMany(
            f"this key has used up its {allowance.quota} writes of {allowance.window} seconds; "
            "send again after the seconds of Retry-After, or many cases as one POST /v1/batches"
        )


def metered(units: int = 1) -> Dependency:
    """A dependency that counts a write before the body is read."""

    async def counted(request: Request) -> None:
        await meter(request, units)

    made: Dependency = Depends(counted)
    return made


async def meter_refusal(request: Request) -> None:
    """Count a key that was refused; raises ``TooMany`` when too many came from this address.

    What keeps a key from being guessed are the 256 random bits of its secret. This tells the guesser and the operator
    that guesses are seen. A right key is let in whatever came before: a hospital's machines often share one address.
    """
    allowance = await _take(
        request, "refused-keys", network_of(request.client.host) if request.client else ""
    )
    if allowance and not allowance.granted:
        raise TooMany(
            f"{allowance.quota} keys from this address were refused within {allowance.window} seconds; a right key "
            "is let in at any time, so check the one that is sent"
        )


def network_of(address: str) -> str:
    """Whose an address is: of IPv6 one customer has at least a /64."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


async def _take(request: Request, policy: str, name: str, units: int = 1) -> Allowance | None:
    """What is left, said on the answer; None when nobody counts."""
    limit: Together[tuple[str, int], Allowance | None] | None = request.app.state.limits.get(policy)
    allowance = await limit.ask((name, units)) if limit and name else None
    if allowance:
        said = [(name.encode(), value.encode()) for name, value in allowance.headers().items()]
        request.state.answer_headers = said
    return allowance

"""Rate limit: how much one key or one address may do in a while, counted in Redis for all processes of the API together.

A token bucket kept as one number, the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371).
One script, and one round trip for all who ask at the same moment; by the clock of Redis, so that the clocks of the API's machines do not matter, and a clock
that is set back locks nobody out. When Redis is away nobody is limited: to take a hospital's data comes first.
"""

import hashlib
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

WITHOUT_SECONDS = 5.0
"""Pause after a failure, in which Redis is not asked again: a hanging one must not slow every request."""

_TAKE = """
local window, step = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local full = tonumber(redis.call('GET', KEYS[1]) or now)
full = math.max(now, math.min(full, now + window))
local left = window - (full - now) - step
if left < 0 then return {0, tostring(-left), tostring(full - now)} end
full = full + step
redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
return {1, '0', tostring(full - now)}
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the bucket says to one request.

    policy       name of what is counted
    granted      whether it may be done
    quota        units of a window
    window       seconds of the window
    remaining    units that are left now
    full_in      seconds until all units are there again
    retry_after  seconds until the refused request would be granted; 0 for one that is
    """

    policy: str
    granted: bool
    quota: int
    window: int
    remaining: int
    full_in: float
    retry_after: float

    def headers(self) -> dict[str, str]:
        """In the words of draft-ietf-httpapi-ratelimit-headers-11."""
        found = {
            "ratelimit-policy": f'"{self.policy}";q={self.quota};w={self.window}',
            "ratelimit": f'"{self.policy}";r={self.remaining};t={math.ceil(self.full_in)}',
        }
        if not self.granted:
            found["retry-after"] = str(max(1, math.ceil(self.retry_after)))
        return found


class RateLimit:
    """The buckets of one policy, one for each name."""

    def __init__(self, redis: Redis, policy: str, quota: int, window: int) -> None:
        self._redis, self._policy, self._quota, self._window = redis, policy, quota, window
        self._resume = 0.0

    def take(self, asked: Sequence[tuple[str, int]]) -> list[Allowance | None]:
        """Take units out of the buckets of keys or addresses, in this order; None when nobody counts.

        A hash of each name goes to Redis.
        """
        if time.monotonic() < self._resume:
            return [None] * len(asked)
        try:
            taking = self._redis.pipeline(transaction=False)
            for name, units in asked:
                step = min(units, self._quota) * self._window / self._quota
                taking.eval(_TAKE, 1, self._bucket(name), self._window, step)
            return [self._allowance(*said) for said in taking.execute()]
        except (RedisError, OSError) as error:
            self._resume = time.monotonic() + WITHOUT_SECONDS
            log.warning("rate_limit_away", error=type(error).__name__)
            return [None] * len(asked)

    def _bucket(self, name: str) -> str:
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:24]
        return f"mps:rate:{self._policy}:{digest}"

    def _allowance(self, granted: int, wait: bytes, full_in: bytes) -> Allowance:
        left = self._window - float(full_in)
        return Allowance(
            self._policy,
            bool(granted),
            self._quota,
            self._window,
            int(left * self._quota / self._window + 0.01),  # the clock has microseconds
            float(full_in),
            float(wait),
        )

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

"""What the server of the queue holds, key by key, with the bodies of messages decoded."""

import base64
import binascii
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast

import orjson
from redis import Redis


def queue_readings(redis: Redis) -> Iterator[bytes]:
    """Every key, every value, and of messages also what is encoded in them."""
    for key in redis.scan_iter(count=1_000):
        yield key
        for value in _values(redis, key):
            yield value
            with suppress(orjson.JSONDecodeError, binascii.Error, ValueError, TypeError, KeyError):
                yield base64.b64decode(orjson.loads(value)["body"])


def _values(redis: Redis, key: bytes) -> Iterator[bytes]:
    server: Any = cast(Any, redis)  # its types say that every answer may be awaited
    match server.type(key):
        case b"string":
            yield server.get(key) or b""
        case b"list":
            yield from server.lrange(key, 0, -1)
        case b"set":
            yield from server.smembers(key)
        case b"hash":
            for pair in server.hgetall(key).items():
                yield from pair
        case b"zset":
            yield from server.zrange(key, 0, -1)
        case b"stream":
            for _, fields in server.xrange(key):
                for pair in fields.items():
                    yield from pair

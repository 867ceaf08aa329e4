"""One family of errors: broken machinery and wrong requests. Bad data are findings, never exceptions.

The docstring of a class is its default message; ``code`` is stable and part of the API; each edge turns the class into
its own answer once (``http_status`` for the API, ``exit_status`` for the command line).
"""

from typing import Any, ClassVar


def reason(error: BaseException) -> str:
    """The kind of an error and where in the registry it arose; never its message, which may quote the data."""
    trace, places = error.__traceback__, ["?"]
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "?"))
        if module.startswith("registry."):
            places.append(f"{module}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} in {places[-1]}"


class MpsError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 3

    def __init__(self, message: str = "", **facts: Any) -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])
        self.facts = facts


class NotFound(MpsError):
    """There is nothing with this id that you may see."""

    code = "not_found"
    http_status = 404
    exit_status = 2


class KeyRefused(MpsError):
    """The key is missing, unknown, expired or revoked. Send `Authorization: Bearer mps_<keyid>_<secret>`."""

    code = "key_refused"
    http_status = 401
    exit_status = 2


class NotAllowed(MpsError):
    """The key does not carry the scope for this call."""

    code = "not_allowed"
    http_status = 403
    exit_status = 2


class Conflict(MpsError):
    """The request contradicts an earlier one."""

    code = "conflict"
    http_status = 409
    exit_status = 2


class TooLarge(MpsError):
    """The body is larger than the limit."""

    code = "too_large"
    http_status = 413
    exit_status = 1


class TooSlow(MpsError):
    """The body took too long to arrive."""

    code = "too_slow"
    http_status = 408
    exit_status = 3


class TooMany(MpsError):
    """The key has used up its writes of this while."""

    code = "too_many_requests"
    http_status = 429
    exit_status = 3


class UnsupportedFormat(MpsError):
    """The content type is not one the registry reads."""

    code = "unsupported_format"
    http_status = 415
    exit_status = 2


class BadRequest(MpsError):
    """The request cannot be understood."""

    code = "bad_request"
    http_status = 400
    exit_status = 1


class NotAllAccepted(MpsError):
    """Something in the body would be refused, and all or nothing was asked for: nothing was stored."""

    code = "not_all_accepted"
    http_status = 422
    exit_status = 1


class WrongUsage(MpsError):
    """The command was used in a way it does not offer."""

    code = "wrong_usage"
    http_status = 400
    exit_status = 2


class Full(MpsError):
    """Too much waits, or the disk is nearly full; nothing was stored. Send it again later."""

    code = "full"
    http_status = 503


class MasterKeyUnknown(MpsError):
    """A master key is needed that is not at hand. Set MPS_MASTER_KEY_FILE to the file that holds it."""

    code = "master_key"
    http_status = 503


class Damaged(MpsError):
    """A sealed value was changed, or moved to another place; it cannot be opened."""

    code = "damaged"


class StaleSchema(MpsError):
    """The database has another schema than this version expects. Run `mps db upgrade`."""

    code = "stale_schema"
    http_status = 503


class Unreachable(MpsError):
    """The registry could not be reached."""

    code = "unreachable"
    http_status = 503

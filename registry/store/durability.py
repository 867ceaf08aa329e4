"""What one transaction asks of the server: not to wait for the disk, or not to wait for it for ever."""

from sqlalchemy import text
from sqlmodel import Session

_NO_WAIT = text("SET LOCAL synchronous_commit = off")
_MOST_IDLE = text("SELECT set_config('idle_in_transaction_session_timeout', :timeout, true)")


def need_not_be_durable(session: Session) -> None:
    """Let this transaction's commit return before it is on the disk."""
    session.execute(_NO_WAIT)


def must_not_idle(session: Session, seconds: float) -> None:
    """Let the server end this transaction, and free its rows, when its worker is stopped in the middle of it."""
    session.execute(_MOST_IDLE, {"timeout": f"{seconds:.0f}s"})

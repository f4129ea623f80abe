"""Which errors the same work may not meet again: it is repeated for them, and no ledger is blamed."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chassis.database.engine import is_transient
from chassis.errors import Unavailable
from chassis.journal.feed import Unreadable


def is_retryable(error: BaseException) -> bool:
    """Whether the cause is outside of the data: a lost connection, a deadlock, no free connection, a service away."""
    if isinstance(error, DBAPIError):
        return is_transient(error)
    return isinstance(error, PoolTimeoutError) or (isinstance(error, Unavailable) and not isinstance(error, Unreadable))


def raise_if_retryable(error: Exception) -> None:
    """Raises the error again unless it is permanent."""
    if is_retryable(error):
        raise error

"""Tells errors that a retry may avoid from permanent ones, for which a ledger is parked."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chassis.database.engine import is_transient
from chassis.errors import Unavailable
from chassis.journal.feed import UnreadableResponse


def is_retryable(error: BaseException) -> bool:
    """Whether the cause lies outside the data: lost connection, deadlock, exhausted pool, unavailable service."""
    if isinstance(error, DBAPIError):
        return is_transient(error)
    return isinstance(error, PoolTimeoutError) or (
        isinstance(error, Unavailable) and not isinstance(error, UnreadableResponse)
    )


def raise_if_retryable(error: Exception) -> None:
    """Raises the error again unless it is permanent."""
    if is_retryable(error):
        raise error

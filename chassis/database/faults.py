"""Faults of the storage under a database, independent of the statement."""

import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError


class StorageFault(StrEnum):
    """A fault that only an operator can end."""

    DAMAGED = "damaged"
    FULL = "full"
    READ_ONLY = "read-only"
    FAILING = "failing"


_SQLITE = {
    sqlite3.SQLITE_CORRUPT: StorageFault.DAMAGED,
    sqlite3.SQLITE_NOTADB: StorageFault.DAMAGED,
    sqlite3.SQLITE_FULL: StorageFault.FULL,
    sqlite3.SQLITE_READONLY: StorageFault.READ_ONLY,
    sqlite3.SQLITE_PERM: StorageFault.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: StorageFault.FAILING,
    sqlite3.SQLITE_IOERR: StorageFault.FAILING,
}
"""By primary result code."""
_POSTGRESQL = {
    "XX001": StorageFault.DAMAGED,
    "XX002": StorageFault.DAMAGED,
    "53100": StorageFault.FULL,
    "25006": StorageFault.READ_ONLY,
    "58030": StorageFault.FAILING,
}
"""By SQLSTATE: data and index corrupted, disk full, read-only transaction, input or output error."""


def fault_of(error: BaseException | None) -> StorageFault | None:
    """Returns the storage fault behind an error of the driver or of SQLAlchemy; None for any other error."""
    if isinstance(error, DBAPIError):
        error = error.orig
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)  # errors of the driver's own have none
        return None if code is None else _SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    return _POSTGRESQL.get(str(state))

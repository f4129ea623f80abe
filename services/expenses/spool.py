"""A temporary file that is read while it is written, so that the writer never waits for the reader."""

import os
import tempfile
import threading
from collections.abc import Iterator

PART = 64 * 1024
"""Bytes of one read."""


class ReaderGone(Exception):  # noqa: N818 - it is no error
    """The file was closed by its reader; nothing more need be written."""


class Spool:
    """One writer, one reader. The file has no name: it is gone when it is closed, or when the process dies."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - close() closes it
        self._changed = threading.Condition()
        self._written = 0
        self._finished = False
        self._error: BaseException | None = None

    def write(self, part: bytes) -> None:
        """Appends. Raises ReaderGone after `close`, and OSError where the disk is full."""
        with self._changed:
            if self._file.closed:
                raise ReaderGone
            self._file.write(part)
            self._file.flush()
            self._written += len(part)
            self._changed.notify_all()

    def finish(self, error: BaseException | None = None) -> None:
        """Nothing more will be written; the reader gets the error at the end of what there is."""
        with self._changed:
            self._finished, self._error = True, error
            self._changed.notify_all()

    def parts(self) -> Iterator[bytes]:
        """All that was and will be written. Raises the writer's error."""
        position = 0
        while part := self._read(position):
            position += len(part)
            yield part

    def close(self) -> None:
        """Frees the disk; can be called twice."""
        with self._changed:
            self._file.close()
            self._changed.notify_all()

    def _read(self, position: int) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._written > position or self._finished or self._file.closed)
            if self._file.closed:
                return b""
            if self._written > position:
                return os.pread(self._file.fileno(), PART, position)
            if self._error:
                raise self._error
            return b""

"""A temporary file that is read while it is written, so that the writer need not wait for the reader."""

import os
import tempfile
import threading
from collections.abc import Iterator

CHUNK_BYTES = 64 * 1024
"""Bytes of one read."""
MAX_BYTES = 64 * 1024 * 1024
"""Bytes by which the writer may be ahead of the reader: in a container the file may be in memory."""
READER_TIMEOUT = 300.0
"""Seconds within which the reader has to read those bytes when more follow: 200 KB a second."""


class ReaderGone(Exception):  # noqa: N818 - it is no error
    """The reader has closed the file. Nothing more need be written."""


class ReaderTooSlow(Exception):  # noqa: N818 - as above
    """The reader is too slow; the writer holds a snapshot of the database meanwhile."""


class Spool:
    """For one writer and one reader. The file has no name: it disappears when it is closed or the process dies."""

    def __init__(self, most_bytes: int = MAX_BYTES, wait: float = READER_TIMEOUT) -> None:
        self._most_bytes = most_bytes
        self._wait = wait
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - close() closes it
        self._changed = threading.Condition()
        self._start = 0
        """Position of the file's first byte among all that are written."""
        self._written = 0
        self._taken = 0
        self._finished = False
        self._error: BaseException | None = None

    def write(self, part: bytes) -> None:
        """Appends a part; waits for the reader if the file has its maximum size.

        Raises ReaderGone after `close`, ReaderTooSlow, and OSError if the disk is full.
        """
        with self._changed:
            if self._written > self._start and self._written + len(part) - self._start > self._most_bytes:
                self._truncate()
            if self._file.closed:
                raise ReaderGone
            self._file.write(part)
            self._file.flush()
            self._written += len(part)
            self._changed.notify_all()

    def finish(self, error: BaseException | None = None) -> None:
        """Ends the file; the reader gets the error after the last part."""
        with self._changed:
            self._finished, self._error = True, error
            self._changed.notify_all()

    def parts(self) -> Iterator[bytes]:
        """Yields everything that was and will be written. Raises the writer's error."""
        position = 0
        while part := self._read(position):
            position += len(part)
            yield part

    def close(self) -> None:
        """Deletes the file. Idempotent."""
        with self._changed:
            self._file.close()
            self._changed.notify_all()

    def _truncate(self) -> None:
        if not self._changed.wait_for(lambda: self._taken == self._written or self._file.closed, self._wait):
            raise ReaderTooSlow
        if not self._file.closed:
            self._file.seek(0)
            self._file.truncate()
            self._start = self._written

    def _read(self, position: int) -> bytes:
        with self._changed:
            self._taken = position
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._written > position or self._finished or self._file.closed)
            if self._file.closed:
                return b""
            if self._written > position:
                return os.pread(self._file.fileno(), CHUNK_BYTES, position - self._start)
            if self._error:
                raise self._error
            return b""

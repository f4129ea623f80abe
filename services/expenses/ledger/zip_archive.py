"""A zip file that is sent while it is written, with one buffer in memory, however large the file becomes."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from zipfile import ZIP_DEFLATED, ZipFile

BUFFER_BYTES = 64 * 1024
"""Bytes that are buffered before they are sent."""

_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""The start of a cell that a spreadsheet would evaluate; in East Asia also with full-width signs.

Leading apostrophes are included, so that removing one apostrophe always restores the original text.
"""
_QUOTED = re.compile(r'[,"\r\n]')


def zip_stream(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yields a zip file of files, each given by name and content."""
    buffer = _Buffer()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            # The size is unknown: without zip64 a file could not exceed 2 GiB.
            with archive.open(name, "w", force_zip64=True) as file:
                for part in content:
                    file.write(part)
                    if buffer.size >= BUFFER_BYTES:
                        yield buffer.take()
    yield buffer.take()


def csv_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yields a CSV file, with the byte order mark by which spreadsheets detect UTF-8."""
    text = io.StringIO("\ufeff")
    text.seek(1)
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
        if text.tell() >= BUFFER_BYTES:
            yield _take(text)
    yield _take(text)


def escape_csv_formula(text: str | None) -> str:
    """Returns a user's text as a cell that no spreadsheet evaluates as a formula."""
    return f"'{text}" if text and _FORMULA.match(text) else text or ""


def tags_cell(tags: Iterable[str]) -> str:
    """Returns tags as one cell: separated by comma and space, in quotation marks where a tag contains either mark."""
    return escape_csv_formula(", ".join(_quoted(tag) if _QUOTED.search(tag) else tag for tag in tags))


def _quoted(tag: str) -> str:
    doubled = tag.replace('"', '""')
    return f'"{doubled}"'


def _take(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


class _Buffer(io.RawIOBase):
    """A file for ZipFile that cannot be rewound."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def write(self, part: bytes) -> int:  # type: ignore[override]  # whatever has bytes
        self._parts.append(bytes(part))
        self.size += len(part)
        return len(part)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts, self.size = [], 0
        return taken

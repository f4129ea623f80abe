"""A zip file that is sent while it is written: what is in memory is one buffer, however large the file becomes."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from zipfile import ZIP_DEFLATED, ZipFile

AT_ONCE = 64 * 1024
"""Bytes that are collected before they are sent."""

_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""How a cell begins that some spreadsheet would compute: in East Asia with signs of full width too.

Apostrophes before it are part of what is escaped, so that taking one away always gives back what was typed.
"""
_QUOTED = re.compile(r'[,"\r\n]')


def zipped(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A zip file of these files, each by name and content."""
    sent = _Buffer()
    with ZipFile(sent, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            # The size is not known before: without the larger form a file would end at 2 GiB.
            with archive.open(name, "w", force_zip64=True) as file:
                for part in content:
                    file.write(part)
                    if sent.size >= AT_ONCE:
                        yield sent.take()
    yield sent.take()


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Lines of a CSV file, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO("\ufeff")
    text.seek(1)
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
        if text.tell() >= AT_ONCE:
            yield _taken(text)
    yield _taken(text)


def harmless(text: str | None) -> str:
    """What somebody typed, as a cell: never a formula in the spreadsheet of whoever opens it."""
    return f"'{text}" if text and _FORMULA.match(text) else text or ""


def tags_cell(tags: Iterable[str]) -> str:
    """Tags as one cell: with a comma and a space between, in quotation marks where a tag has a comma or such a mark."""
    return harmless(", ".join(_quoted(tag) if _QUOTED.search(tag) else tag for tag in tags))


def _quoted(tag: str) -> str:
    doubled = tag.replace('"', '""')
    return f'"{doubled}"'


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


class _Buffer(io.RawIOBase):
    """What ZipFile takes for a file that cannot be rewound."""

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

"""A file that is read while it is written: all of it arrives, and it holds no more than it may."""

import os
import threading
from collections.abc import Iterator

import pytest

from services.expenses.ledger.spool import ReaderGone, ReaderTooSlow, Spool
from tests.support.waiting import until

PARTS = [bytes([number]) * 1_000 for number in range(20)]


@pytest.fixture
def spool() -> Iterator[Spool]:
    spool = Spool(most_bytes=3_000)
    yield spool
    spool.close()


def write_all(spool: Spool) -> threading.Thread:
    def write() -> None:
        for part in PARTS:
            spool.write(part)
        spool.finish()

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def size(spool: Spool) -> int:
    return os.fstat(spool._file.fileno()).st_size


def test_all_of_it_arrives_and_never_more_than_fits_is_kept(spool: Spool) -> None:
    writer, sizes, found = write_all(spool), [], b""
    for part in spool.parts():
        sizes.append(size(spool))
        found += part
    writer.join()
    assert found == b"".join(PARTS)
    assert max(sizes) <= 3_000


def test_the_writer_waits_when_the_file_is_full_and_ends_when_the_reader_goes(spool: Spool) -> None:
    errors: list[BaseException] = []

    def write() -> None:
        try:
            for part in PARTS:
                spool.write(part)
        except ReaderGone as error:
            errors.append(error)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    until(lambda: size(spool) == 3_000, what="the file to be full")
    spool.close()
    thread.join()
    assert len(errors) == 1


def test_a_reader_that_is_too_slow_is_left_behind() -> None:
    spool = Spool(most_bytes=3_000, wait=0.01)
    for part in PARTS[:3]:
        spool.write(part)
    with pytest.raises(ReaderTooSlow) as slow:
        spool.write(PARTS[3])
    spool.finish(slow.value)
    with pytest.raises(ReaderTooSlow):
        list(spool.parts())
    spool.close()


def test_what_is_shorter_is_written_without_a_reader() -> None:
    spool = Spool()
    write_all(spool).join()
    assert b"".join(spool.parts()) == b"".join(PARTS)
    spool.close()

"""The folder `.outlay/` of this checkout: what set-up fetched, and marks of completed steps."""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORKSHOP = ROOT / ".outlay"


@contextmanager
def alone() -> Iterator[None]:
    """Waits until no other set-up runs in this checkout."""
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    with (WORKSHOP / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work here; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(words: str) -> None:
    print(words, flush=True)


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """Returns a digest that changes with the files or the words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        digest.update(b"\0" + str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_done(step: str, mark: str) -> bool:
    stamp = _stamp(step)
    return stamp.exists() and stamp.read_text("utf-8") == mark


def note_done(step: str, mark: str) -> None:
    _stamp(step).parent.mkdir(parents=True, exist_ok=True)
    _stamp(step).write_text(mark, "utf-8")


def forget(step: str) -> None:
    """Removes the mark before a step starts, so that an interrupted step counts as not done."""
    _stamp(step).unlink(missing_ok=True)


def _stamp(step: str) -> Path:
    return WORKSHOP / "done" / step

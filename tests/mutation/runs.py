"""Runs tests on mutants, one after the other, in a copy of the tree: the tree itself is never touched."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutants import Mutant, mutants_of

_LINKED = (".venv", ".outlay", "frontend/node_modules", "frontend/dist")
"""Fetched or built, large, and not mutated."""
_NOT_COPIED = (*(Path(name).name for name in _LINKED), ".git", ".chaos", "__pycache__", ".*_cache")
_NO_TESTS = 5
"""pytest's exit code."""
_SLOWER = 3
"""A mutant may take so many times as long as the module itself."""
_START = 10.0
"""Seconds that it may take beside that."""
_TO_STOP = 20.0
"""Seconds that interrupted tests have to stop what they started."""


class UnfitTestsError(Exception):
    """There are no tests, or they fail without a mutant."""


class MutantResult(NamedTuple):
    """What became of a mutant."""

    file: str
    mutant: Mutant
    survived: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.mutant.line}  {self.mutant.before}  ->  {self.mutant.after}"


def mirroring_tests(root: Path, module: str) -> str:
    """Returns the folder of `tests` that mirrors the module most closely. Raises UnfitTestsError if there is none."""
    for folder in Path(module).parents:
        if folder.parts and (root / "tests" / folder).is_dir():
            return f"tests/{folder.as_posix()}"
    raise UnfitTestsError(f"No folder of tests mirrors {module}: name the tests with TESTS=…")


def sample(root: Path, module: str, seed: int) -> list[tuple[str, Mutant]]:
    """Returns all mutants of a module, or of the modules in a folder, in the order of the seed."""
    files = sorted((root / module).rglob("*.py")) if (root / module).is_dir() else [root / module]
    mutants = [
        (file.relative_to(root).as_posix(), mutant) for file in files for mutant in mutants_of(file.read_text("utf-8"))
    ]
    random.Random(seed).shuffle(mutants)
    return mutants


def run_mutants(root: Path, module: str, tests: Sequence[str], *, seed: int, seconds: float) -> Iterator[MutantResult]:
    """Yields results until all mutants have run or the time is up. Raises UnfitTestsError."""
    deadline = time.monotonic() + seconds
    with _copy(root) as tree:
        start = time.monotonic()
        if (code := _exit_code(tree, tests, None)) != 0:
            reason = "There are no tests" if code == _NO_TESTS else "They fail without a mutant"
            raise UnfitTestsError(f"{reason}: {' '.join(tests)}")
        timeout = _SLOWER * (time.monotonic() - start) + _START
        for file, mutant in sample(tree, module, seed):
            if time.monotonic() > deadline:
                return
            with _mutated(tree / file, mutant):
                yield MutantResult(file, mutant, _exit_code(tree, tests, timeout) == 0)


@contextmanager
def _copy(root: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="outlay-mutants-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(root, tree, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        for name in _LINKED:
            if (root / name).exists():
                (tree / name).symlink_to(root / name)
        yield tree


@contextmanager
def _mutated(file: Path, mutant: Mutant) -> Iterator[None]:
    source = file.read_text("utf-8")
    file.write_text(mutant.text, "utf-8")
    try:
        yield
    finally:
        file.write_text(source, "utf-8")


def _heed_interrupts() -> None:
    """A shell lets its background jobs ignore SIGINT, and what they start inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _exit_code(tree: Path, tests: Sequence[str], timeout: float | None) -> int | None:
    """Returns pytest's exit code; None if it had to be stopped after the timeout.

    It is interrupted first, so that its fixtures stop the servers that they started, in groups of their own.
    """
    options = ("--exitfirst", "--quiet", "--no-header", "-p", "no:cacheprovider")
    # Compiled files are told apart by second and size, so that a mutant could run as the one before it.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=tree,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - no thread runs here
    )
    try:
        return running.wait(timeout)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            running.wait(_TO_STOP)
        return None
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()

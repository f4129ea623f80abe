"""A small file system of its own, to be filled, emptied and made read-only. Only root may mount one."""

import subprocess
from pathlib import Path
from typing import Self


class SmallDisk:
    """A tmpfs."""

    def __init__(self, path: Path, megabytes: int) -> None:
        self.path = path
        self._options = f"size={megabytes}m,mode=700"
        self._ballast = path / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Takes all the room but so many bytes."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1024 * 1024, 4096):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue
        if leave:
            with self._ballast.open("r+b") as file:
                file.truncate(self._ballast.stat().st_size - leave)

    @property
    def is_full(self) -> bool:
        return self._ballast.exists()

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def make_read_only(self) -> None:
        subprocess.run(["mount", "-o", "remount,ro", str(self.path)], check=True)

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", self._options, "tmpfs", str(self.path)], check=True)
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)

"""A clock that the harness moves, for all programs of a stack. Python imports this at its start, from the path.

The file that CHAOS_CLOCK names holds by how many seconds. `time.time` is moved everywhere, `datetime` in our own
modules and where tokens are verified; the monotonic clock, timers and Redis' own clock go on as they are.
"""

import datetime as dt
import importlib.abc
import importlib.machinery
import os
import sys
import time
import types
from pathlib import Path
from typing import Any

PACKAGES = ("chassis", "contracts", "gateway", "jwt", "services")
_EVERY = 0.05
"""Seconds between two looks at the file."""
_wall, _wall_ns, _monotonic = time.time, time.time_ns, time.monotonic
_file = Path(os.environ.get("CHAOS_CLOCK", ""))
_seen = [0.0, float("-inf")]


def offset() -> float:
    """Seconds by which the clock is wrong just now."""
    if _monotonic() - _seen[1] > _EVERY:
        try:
            _seen[0] = float(_file.read_text("utf-8"))
        except (OSError, ValueError):
            _seen[0] = 0.0
        _seen[1] = _monotonic()
    return _seen[0]


class _Like(type):
    """Every `datetime` counts as an instance, since only `now` differs."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, dt.datetime)


class MovedDatetime(dt.datetime, metaclass=_Like):
    """`datetime` under the moved clock."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        """A plain `datetime`, so that no caller gets another class."""
        return dt.datetime.fromtimestamp(time.time(), tz)


_module = types.ModuleType("datetime")
_module.__dict__.update({**vars(dt), "datetime": MovedDatetime})


class Loader(importlib.machinery.SourceFileLoader):
    """Gives a module the moved clock once it has run: what it defined at import keeps the real class."""

    def exec_module(self, module: types.ModuleType) -> None:
        super().exec_module(module)
        for name, value in list(vars(module).items()):
            if value is dt.datetime:
                setattr(module, name, MovedDatetime)
            elif value is dt:
                setattr(module, name, _module)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules whose clock is moved."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in PACKAGES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


if "CHAOS_CLOCK" in os.environ:
    time.time = lambda: _wall() + offset()
    time.time_ns = lambda: _wall_ns() + int(offset() * 1e9)
    sys.meta_path.insert(0, Finder())

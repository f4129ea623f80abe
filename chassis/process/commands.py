"""The frame of an operator's commands: parsed from a command line, told by the environment, answering line by line."""

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it

S = TypeVar("S", bound=BaseSettings)


def add(under: "Commands", name: str, command: Callable[[Any], Iterator[str]]) -> argparse.ArgumentParser:
    """A command, explained by its docstring; what was parsed has it as `command`."""
    added = under.add_parser(name, help=command.__doc__, description=command.__doc__)
    added.set_defaults(command=command)
    return added


def settings_of(kind: type[S]) -> S:
    """The settings of the running service. Ends the process in plain words where one is wrong."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")  # on standard error
    try:
        return kind()
    except (ValidationError, SettingsError) as error:
        raise SystemExit(str(error)) from error


def say(lines: Iterable[str]) -> None:
    """Each line as soon as it is known: some commands take a while."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

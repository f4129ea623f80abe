"""Frame of an operator's commands: arguments, settings from the environment, output line by line."""

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


def add(subparsers: "Commands", name: str, command: Callable[[Any], Iterator[str]]) -> argparse.ArgumentParser:
    """Adds a command, described by its docstring; the parsed arguments have it as `command`."""
    added = subparsers.add_parser(name, help=command.__doc__, description=command.__doc__)
    added.set_defaults(command=command)
    return added


def settings_of(kind: type[S]) -> S:
    """Returns the settings of the running service. Ends the process with a sentence if one is invalid."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")  # on standard error
    try:
        return kind()
    except (ValidationError, SettingsError) as error:
        raise SystemExit(str(error)) from error


def print_lines(lines: Iterable[str]) -> None:
    """Prints each line as soon as it is known: some commands take a while."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

"""A service's pyproject lists what its code imports, and nothing that it does not use."""

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import grimp
import pytest

from deploy.locks import ROOT, SERVICES

OURS = ["contracts", "chassis", "services", "gateway"]
NOT_IMPORTED = {
    "httptools",  # uvicorn takes them where they are
    "psycopg2-binary",  # SQLAlchemy imports it by the address of a database
    "tzdata",  # read by zoneinfo
    "uvicorn",  # runs the app, on the command line
    "uvloop",
}
every_service = pytest.mark.parametrize("folder", SERVICES)


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OURS, include_external_packages=True, cache_dir=None)


def declared(folder: str) -> set[str]:
    text = (ROOT / folder / "pyproject.toml").read_text("utf-8")
    return {_name(line) for line in tomllib.loads(text)["project"]["dependencies"]}


def imported(folder: str) -> set[str]:
    """Distributions that its modules import, directly or through the chassis."""
    modules = graph().find_upstream_modules(folder.replace("/", "."), as_package=True)
    modules |= {module for module in graph().modules if module.startswith(folder.replace("/", "."))}
    direct = {name for module in modules for name in graph().find_modules_directly_imported_by(module)}
    external = {name for name in direct if name.partition(".")[0] not in {*OURS, *sys.stdlib_module_names}}
    known = packages_distributions()
    return {_name(known[name.partition(".")[0]][0]) for name in external}


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0].lower().replace("_", "-")


@every_service
def test_what_it_imports_is_declared(folder: str) -> None:
    assert imported(folder) - declared(folder) == set()


@every_service
def test_what_is_declared_is_used(folder: str) -> None:
    assert declared(folder) - imported(folder) - NOT_IMPORTED == set()

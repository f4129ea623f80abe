"""`python -m tests.versions.record [COMMIT]`: makes the fixture of a version, on SQLite and PostgreSQL.

The stack of that commit, or of this working tree, runs from a checkout of its own with the packages that are installed
here; nothing is fetched. See tests/fixtures/versions/README.md.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from deploy.local.redis_server import find_redis
from deploy.local.workshop import ROOT
from tests.support.postgres import postgres_server
from tests.support.stack import Stack
from tests.versions.dumps import SERVICES, dump, execute
from tests.versions.story import drive

FIXTURES = ROOT / "tests" / "fixtures" / "versions"
_RUN = """
import json, os, runpy
from deploy.local.home import Home
urls = json.loads(os.environ.pop("FIXTURE_DATABASES"))
Home.database_url = lambda home, service: urls[service]
runpy.run_module("deploy.local", run_name="__main__")
"""
"""The embedded stack as that version starts it, on the databases that it is given."""


def record(tree: Path, version: str, folder: Path, urls: Mapping[str, str], kind: str) -> None:
    """Writes `<folder>/<kind>/<service>.sql` and `facts.json`."""
    with tempfile.TemporaryDirectory(prefix="outlay-fixture-") as scratch:
        stack = VersionStack(Path(scratch) / "home", tree, urls)
        began = datetime.now(UTC)
        with stack:
            facts = drive(stack.base_url)
        facts |= {"version": version, "made_at": began.isoformat(), "secret_key": stack.secret_key()}
    # No entry of the public API's can fail to be applied, so this one is set aside by hand.
    parked = "INSERT INTO parked (ledger, revision, error, parked_at) VALUES (?, 2, 'KeyError(''kind'')', ?)"
    ledger = facts["people"]["cyd"]["id"]
    moment = began.replace(tzinfo=None).isoformat(" ") if kind == "sqlite" else began.isoformat()
    execute(urls["insights"], parked, ledger.replace("-", "") if kind == "sqlite" else ledger, moment)
    target = folder / kind
    target.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        (target / f"{service}.sql").write_text(dump(urls[service]), "utf-8")
    (target / "facts.json").write_text(json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


class VersionStack(Stack):
    """The embedded stack of a checkout."""

    def __init__(self, home: Path, tree: Path, urls: Mapping[str, str]) -> None:
        path = f"{Path(find_redis()).parent}{os.pathsep}{os.environ['PATH']}"
        super().__init__(home, FIXTURE_DATABASES=json.dumps(dict(urls)), PATH=path, PYTHONPATH=str(tree))
        self.command = [sys.executable, "-c", _RUN]
        self.tree = tree

    def secret_key(self) -> str:
        secrets: dict[str, str] = json.loads((self.home / "secrets.json").read_text("utf-8"))
        return secrets["secret_key"]


@contextlib.contextmanager
def checkout(commit: str) -> Iterator[tuple[Path, str]]:
    """A worktree of a commit, and its short name; this very tree where none is named."""
    named = _git("rev-parse", "--short=7", commit or "HEAD")
    if not commit:
        yield ROOT, named
        return
    with tempfile.TemporaryDirectory(prefix="outlay-version-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(tree), commit)
        try:
            page = tree / "frontend" / "dist" / "index.html"  # a gateway requires one; its content does not matter
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("", "utf-8")
            yield tree, named
        finally:
            _git("worktree", "remove", "--force", str(tree))


@contextlib.contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    """A server with a database for each service."""
    with postgres_server() as server:
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for service in SERVICES:
                connection.execute(sa.text(f"CREATE DATABASE {service} TEMPLATE template0"))
        engine.dispose()
        yield {service: server.set(database=service).render_as_string(hide_password=False) for service in SERVICES}


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def main(commit: str = "") -> None:
    with checkout(commit) as (tree, version), postgresql() as servers, tempfile.TemporaryDirectory() as scratch:
        files = {service: f"sqlite:///{scratch}/{service}.sqlite" for service in SERVICES}
        for kind, urls in {"sqlite": files, "postgresql": servers}.items():
            record(tree, version, FIXTURES / version, urls, kind)
    size = sum(path.stat().st_size for path in (FIXTURES / version).rglob("*") if path.is_file())
    sys.stdout.write(f"{FIXTURES / version}: {size / 1000:,.0f} KB\n")


if __name__ == "__main__":
    main(*[word for word in sys.argv[1:] if word])

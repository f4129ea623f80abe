"""One of each process never opens more connections than a PostgreSQL as it comes takes."""

import re

import pytest
import yaml

from deploy.locks import ROOT
from tests.support.hosting import PROCESSES, START, settings_of

TAKEN = 100 - 3
"""`max_connections` less those that PostgreSQL keeps for its administrator."""
BY_HAND = 10
"""For `outlay`, backups and people."""
WITH_DATABASE = [name for name in PROCESSES if name != "gateway"]


def pool_size(process: str) -> int:
    size = settings_of(process).model_fields["database_pool_size"].default
    assert isinstance(size, int)
    return size


def worker_processes() -> int:
    """How many processes with a pool of their own an image's `start insights-worker` makes."""
    found = re.search(r"insights-worker\).*--concurrency (\d+)", START.read_text("utf-8"))
    assert found
    return int(found[1])


def total() -> int:
    return sum(pool_size(name) * (worker_processes() if name == "insights-worker" else 1) for name in WITH_DATABASE)


def test_one_of_each_fits() -> None:
    assert total() <= TAKEN - BY_HAND


@pytest.mark.parametrize("process", WITH_DATABASE)
def test_docker_compose_says_the_same(process: str) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]

    told = services[process]["environment"]["DATABASE_POOL_SIZE"]

    assert re.fullmatch(r"\$\{[A-Z]+_DATABASE_POOL_SIZE:-(\d+)\}", told)
    assert told.endswith(f":-{pool_size(process)}}}")


def test_the_sum_is_documented() -> None:
    assert f"**{total()}**" in (ROOT / "docs" / "operations.md").read_text("utf-8")

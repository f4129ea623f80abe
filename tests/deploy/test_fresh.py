"""`fresh`: the health of consumer and worker is when they last did their work."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, Gauge, start_http_server

from chassis.process.clock import CLOCK_DIFFERENCE
from deploy import fresh
from deploy.fresh import age
from deploy.locks import ROOT


def test_the_difference_of_clocks_is_that_of_every_other_process() -> None:
    assert CLOCK_DIFFERENCE.total_seconds() == fresh.CLOCK_DIFFERENCE == 30


@pytest.fixture
def gauge() -> Iterator[tuple[Gauge, int]]:
    """A moment, and the port on which it can be read."""
    registry = CollectorRegistry()
    server, thread = start_http_server(0, "127.0.0.1", registry)
    yield Gauge("last_sweep_timestamp_seconds", "When.", registry=registry), server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def healthy(port: int) -> bool:
    command = [sys.executable, str(ROOT / "deploy" / "fresh.py"), "last_sweep_timestamp_seconds", "60"]
    environment = os.environ | {"METRICS_PORT": str(port)}
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def test_a_process_is_healthy_while_it_does_its_work(gauge: tuple[Gauge, int]) -> None:
    moment, port = gauge
    assert not healthy(port)  # it never has
    moment.set(time.time() - 50)
    assert healthy(port)
    moment.set(time.time() - 70)
    assert not healthy(port)
    moment.set(time.time() + 3_600)
    assert not healthy(port), "noted by a clock that was ahead: it says nothing"


def test_the_newest_of_several_moments_counts_and_none_is_endless() -> None:
    assert age('beat{pid="1"} 90\nbeat{pid="2"} 95\nbeat_other 99\n', "beat", 100.0) == 5.0
    assert age("", "beat", 100.0) == math.inf

"""One line in the log and one count in the metrics for each request."""

import errno
import io
import json
import threading
from typing import Any

import pytest
from prometheus_client import REGISTRY

from gateway.operations.request_log import LineWriter
from tests.support.gateway_under_test import GatewayUnderTest
from tests.support.waiting import TIMEOUT, until


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the gateway logs from now on."""
    said: list[dict[str, Any]] = []
    add = LineWriter.add

    def noted(self: LineWriter, line: dict[str, object]) -> None:
        said.append(line)
        add(self, line)

    monkeypatch.setattr(LineWriter, "add", noted)
    return said


def test_a_request_is_one_line_without_what_was_searched_for(
    gateway: GatewayUnderTest, lines: list[dict[str, Any]]
) -> None:
    _, client = gateway.new_user()

    response = client.get("/api/v1/expenses?q=secret", X_Request_Id="request-0001")
    client.get("/api/v1/summary?from=2026-11-01&to=2026-11-30")

    until(lambda: len(lines) == 2, what="two lines")
    first, second = lines
    assert response.headers["X-Request-Id"] == first["request_id"] == "request-0001"
    assert (first["method"], first["path"], first["status"]) == ("GET", "/api/v1/expenses", 200)
    assert (first["level"], first["process"], first["event"]) == ("info", "gateway", "request")
    assert first["duration_ms"] >= 0
    assert "cache" not in first
    assert second["cache"] == "miss"
    assert "secret" not in json.dumps(lines)
    assert client.token
    assert client.token not in json.dumps(lines)


def test_refusals_are_noted_and_health_is_not(gateway: GatewayUnderTest, lines: list[dict[str, Any]]) -> None:
    client = gateway.anonymous()

    client.get("/livez")
    client.get("/readyz")
    client.call("POST", "/api/v1/auth/login", raw=b"{}", Origin="https://evil.example")

    assert [line["status"] for line in until(lambda: lines, what="a line")] == [403]


def test_a_path_from_outside_never_becomes_a_label(gateway: GatewayUnderTest) -> None:
    client = gateway.anonymous()
    for number in range(20):
        client.get(f"/api/v1/expenses/{number}")
        client.get(f"/somewhere/{number}")
        client.get(f"/api/v1/{number}")

    labels = {
        sample.labels["route"]
        for family in REGISTRY.collect()
        if family.name == "outlay_http_requests"
        for sample in family.samples
    }
    assert {"/api/v1/expenses", "web"} <= labels
    assert not [label for label in labels if any(character.isdigit() for character in label.replace("/v1", ""))]


def test_hits_and_misses_are_counted(gateway: GatewayUnderTest) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("outlay_cache_answers_total", {"result": "miss"}) or 0

    _, client = gateway.new_user()
    before = counted()

    client.get("/api/v1/summary?from=2026-11-01&to=2026-11-30")

    assert counted() == before + 1


def test_lines_are_written_in_order_and_to_the_last() -> None:
    stream = io.BytesIO()
    writer = LineWriter(stream)
    writer.start()
    for number in range(1000):
        writer.add({"number": number, "text": "two\nlines"})
    writer.stop()

    assert [json.loads(line)["number"] for line in stream.getvalue().splitlines()] == list(range(1000))


def test_a_disk_that_is_full_for_a_while_does_not_end_the_log() -> None:
    class Disk(io.BytesIO):
        is_full = True

        def write(self, lines: Any) -> int:
            if self.is_full:
                full.set()
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(lines)

    full, disk = threading.Event(), Disk()
    writer = LineWriter(disk)
    writer.start()
    writer.add({"number": 1})
    assert full.wait(TIMEOUT)
    disk.is_full = False
    writer.add({"number": 2})
    until(lambda: b"2" in disk.getvalue(), what="the line that there is room for again")
    writer.stop()

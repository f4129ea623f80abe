"""An account that sends many or slow requests does not delay the requests of other accounts."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.types import Receive, Send

from contracts.ids import UserId
from gateway.routes import Service
from gateway.upstreams.circuit_breaker import CircuitBreaker
from gateway.upstreams.concurrency_limits import READS_PER_CALLER
from gateway.upstreams.upstream import READ_TIMEOUT
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.raw_http import connection, read_response, request
from tests.support.redis import RedisServer
from tests.support.stub_service import ReceivedRequest
from tests.support.waiting import until

MANY = 150
SHARE = READS_PER_CALLER[Service.EXPENSES]
SLOW = "/api/v1/expenses?q=slow"


class SlowService:
    """Responds to slow requests once `let_go` is set, and to all others at once."""

    def __init__(self, door: GatewayUnderTest) -> None:
        self._echo = door.expenses.echo
        self.let_go = threading.Event()
        self.asked: list[str] = []

    async def __call__(self, asked: ReceivedRequest, receive: Receive, send: Send) -> None:
        if "q=slow" in asked.target:
            self.asked.append(asked.method)
            while not self.let_go.is_set():  # noqa: ASYNC110 - the test sets it from another thread
                await asyncio.sleep(0.01)
        await self._echo(asked, receive, send)


@pytest.fixture
def slow(door: GatewayUnderTest) -> Iterator[SlowService]:
    # Until the gateway has the keys it cannot verify tokens, and counts requests by address.
    until(lambda: door.new_user()[1].get("/api/v1/expenses").status == 200, what="the gateway to have auth's keys")
    door.expenses.handler = answer = SlowService(door)
    yield answer
    answer.let_go.set()
    door.expenses.handler = door.expenses.echo


@contextmanager
def greedy(door: GatewayUnderTest, method: str = "GET") -> Iterator[list[int]]:
    """Sends many requests of an account at once; the list holds their statuses after the block."""
    account, _ = door.new_user()
    head = request(method, SLOW, f"Authorization: Bearer {door.issuer.token(UserId(account))}", "Connection: close")
    statuses: list[int] = []
    with ExitStack() as stack:
        clients = [stack.enter_context(connection(door.url)) for _ in range(MANY)]
        for client in clients:
            client.sendall(head)
        yield statuses
        statuses += [read_response(client).status for client in clients]


def test_others_are_answered_while_one_accounts_requests_wait(door: GatewayUnderTest, slow: SlowService) -> None:
    others = [door.new_user()[1] for _ in range(3)]
    with greedy(door) as statuses:
        until(
            lambda: len(slow.asked) == SHARE,
            what="the service to be asked for the account's share",
        )
        got = [client.get("/api/v1/expenses").status for _ in range(5) for client in others]
        got += [client.post("/api/v1/expenses", {}).status for client in others]
        assert len(slow.asked) == SHARE
        slow.let_go.set()

    assert set(got) == {200}
    assert set(statuses) == {200, 429}, "what did not fit into the account's own queue was refused to it alone"


def test_the_accounts_own_writes_wait_for_each_other(door: GatewayUnderTest, slow: SlowService) -> None:
    _, other = door.new_user()
    with greedy(door, "DELETE") as statuses:
        until(lambda: slow.asked == ["DELETE"], what="the first to reach the service")
        assert other.post("/api/v1/expenses", {}).status == 200
        assert slow.asked == ["DELETE"]
        slow.let_go.set()

    assert set(statuses) == {200, 429}


def test_what_times_out_for_one_account_is_not_kept_from_others(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READ_TIMEOUT, Service.EXPENSES, 0.2)
    with gateway_under_test(shared_redis.url) as door:
        slow = door.expenses.handler = SlowService(door)
        (_, one), (_, other) = door.new_user(), door.new_user()
        assert [one.get(SLOW).status for _ in range(CircuitBreaker.FAILURES)] == [503] * CircuitBreaker.FAILURES
        assert one.get(SLOW).status == 503

        assert len(slow.asked) == CircuitBreaker.FAILURES, "the account itself is not sent on any more"
        assert [other.get("/api/v1/expenses").status for _ in range(3)] == [200] * 3
        slow.let_go.set()

"""An account that sends many or slow requests does not delay the requests of other accounts."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.types import Receive, Send

from contracts.ids import UserId
from gateway.routes import Service
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

    def __init__(self, gateway: GatewayUnderTest) -> None:
        self._echo = gateway.expenses.echo
        self.let_go = threading.Event()
        self.asked: list[str] = []

    async def __call__(self, received: ReceivedRequest, receive: Receive, send: Send) -> None:
        if "q=slow" in received.target:
            self.asked.append(received.method)
            while not self.let_go.is_set():  # noqa: ASYNC110 - the test sets it from another thread
                await asyncio.sleep(0.01)
        await self._echo(received, receive, send)


@pytest.fixture
def slow(gateway: GatewayUnderTest) -> Iterator[SlowService]:
    # Until the gateway has the keys it cannot verify tokens, and counts requests by address.
    until(lambda: gateway.new_user()[1].get("/api/v1/expenses").status == 200, what="the gateway to have auth's keys")
    gateway.expenses.handler = answer = SlowService(gateway)
    yield answer
    answer.let_go.set()
    gateway.expenses.handler = gateway.expenses.echo


@contextmanager
def greedy(gateway: GatewayUnderTest, method: str = "GET") -> Iterator[list[int]]:
    """Sends many requests of an account at once; the list holds their statuses after the block."""
    account, _ = gateway.new_user()
    head = request(method, SLOW, f"Authorization: Bearer {gateway.issuer.token(UserId(account))}", "Connection: close")
    statuses: list[int] = []
    with ExitStack() as stack:
        clients = [stack.enter_context(connection(gateway.url)) for _ in range(MANY)]
        for client in clients:
            client.sendall(head)
        yield statuses
        statuses += [read_response(client).status for client in clients]


def test_others_are_answered_while_one_accounts_requests_wait(gateway: GatewayUnderTest, slow: SlowService) -> None:
    others = [gateway.new_user()[1] for _ in range(3)]
    with greedy(gateway) as statuses:
        until(
            lambda: len(slow.asked) == SHARE,
            what="the service to be asked for the account's share",
        )
        response = [client.get("/api/v1/expenses").status for _ in range(5) for client in others]
        response += [client.post("/api/v1/expenses", {}).status for client in others]
        assert len(slow.asked) == SHARE
        slow.let_go.set()

    assert set(response) == {200}
    assert set(statuses) == {200, 429}, "what did not fit into the account's own queue was refused to it alone"


def test_the_accounts_own_writes_wait_for_each_other(gateway: GatewayUnderTest, slow: SlowService) -> None:
    _, other = gateway.new_user()
    with greedy(gateway, "DELETE") as statuses:
        until(lambda: slow.asked == ["DELETE"], what="the first to reach the service")
        assert other.post("/api/v1/expenses", {}).status == 200
        assert slow.asked == ["DELETE"]
        slow.let_go.set()

    assert set(statuses) == {200, 429}


def test_what_times_out_for_one_account_is_not_kept_from_others(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READ_TIMEOUT, Service.EXPENSES, 0.2)
    with gateway_under_test(shared_redis.url) as gateway:
        slow = gateway.expenses.handler = SlowService(gateway)
        (_, one), (_, other) = gateway.new_user(), gateway.new_user()
        assert [one.get(SLOW).status for _ in range(5)] == [503] * 5
        assert one.get(SLOW).status == 503

        assert len(slow.asked) == 5, "the account itself is not sent on any more"
        assert [other.get("/api/v1/expenses").status for _ in range(3)] == [200] * 3
        slow.let_go.set()

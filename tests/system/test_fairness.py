"""One account that asks for all it can at once, on the whole system: its neighbours see nothing of it."""

import json
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.support.client import Client
from tests.support.raw_http import connection, read_response, request
from tests.support.stack import Stack
from tests.system.test_promises import record, sign_up, summary

pytestmark = pytest.mark.stack
MANY = 200
"""More than an account may have in progress and in its queues; fewer than the connections of a network address."""
ONE_WRITE_IN = 5


def attack(number: int, token: str) -> bytes:
    """A request of many that are sent at the same moment: a long page, or an expense."""
    head = (f"Authorization: Bearer {token}", "Connection: close")
    if number % ONE_WRITE_IN:
        return request("GET", f"/api/v1/expenses?limit=500&q=word&from=2020-01-{number % 28 + 1:02}", *head)
    body = json.dumps({"amount": "1.00", "category": "Food"}).encode()
    return request(
        "POST", "/api/v1/expenses", *head, "Content-Type: application/json", f"Content-Length: {len(body)}", body=body
    )


def live(neighbour: Client) -> None:
    for _ in range(5):
        write = record(neighbour, "1.00")  # each asserts that it was answered well
        summary(neighbour, write)


def test_many_requests_at_once_from_one_account_are_refused_to_that_account_alone(stack: Stack) -> None:
    greedy, neighbours = sign_up(stack.base_url), [sign_up(stack.base_url) for _ in range(3)]
    expense = {"amount": "1.00", "category": "Food", "note": "a word " * 250}
    recorded = greedy.post("/api/v1/expenses/batch", {"create": [expense] * 300})
    assert recorded.status == 200, recorded.body
    assert greedy.token

    with ExitStack() as held, ThreadPoolExecutor(len(neighbours)) as people:
        # All connections are open before the first request, so that the requests arrive faster than they are served.
        crowd: list[socket.socket] = [held.enter_context(connection(stack.base_url)) for _ in range(MANY)]
        for number, client in enumerate(crowd):
            client.sendall(attack(number, greedy.token))
        for lived in [people.submit(live, neighbour) for neighbour in neighbours]:
            lived.result()
        statuses = Counter(read_response(client).status for client in crowd)

    assert statuses.keys() == {200, 201, 429}, statuses

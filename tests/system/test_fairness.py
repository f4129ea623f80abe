"""One account that asks for all it can at once, on the whole system: its neighbours see nothing of it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.stack import Stack
from tests.system.test_promises import record, sign_up, summary

pytestmark = pytest.mark.stack
MANY = 300


def test_300_requests_at_once_from_one_account_are_refused_to_that_account_alone(stack: Stack) -> None:
    greedy, neighbours = sign_up(stack.base_url), [sign_up(stack.base_url) for _ in range(3)]
    greedy.post("/api/v1/expenses/batch", {"create": [{"amount": "1.00", "note": "a word " * 250}] * 300})

    def ask(number: int) -> int:
        if number % 3:
            return greedy.get(f"/api/v1/expenses?limit=500&q=word&from=2020-01-{number % 28 + 1:02}").status
        return greedy.post("/api/v1/expenses", {"amount": "1.00", "category": "Food"}).status

    def live(number: int) -> None:
        for _ in range(5):
            write = record(neighbours[number], "1.00")  # each asserts that it was answered well
            summary(neighbours[number], write)

    with ThreadPoolExecutor(MANY) as crowd, ThreadPoolExecutor(len(neighbours)) as people:
        greedy_ones = [crowd.submit(ask, number) for number in range(MANY)]
        for neighbour in [people.submit(live, number) for number in range(len(neighbours))]:
            neighbour.result()
        statuses = Counter(one.result() for one in greedy_ones)

    assert statuses.keys() <= {200, 201, 429}, statuses
    assert statuses[200]
    assert statuses[201]

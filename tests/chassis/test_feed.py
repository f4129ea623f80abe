"""How a reader asks for the pages of a ledger whose pages take too long."""

from collections.abc import Sequence
from uuid import uuid4

import pytest

from chassis.errors import NotFound, Problem
from chassis.journal.feed import TIMEOUT, Feed, M, ServiceClient, UpstreamTimeout
from chassis.security.service_tokens import ServiceTokens
from contracts.ids import LedgerId


class FailingClient(ServiceClient):
    """Fails as it is told, one error after the other."""

    def __init__(self, errors: Sequence[Problem]) -> None:
        super().__init__("http://nowhere", "expenses", ServiceTokens("insights", {}))
        self.errors = list(errors)
        self.asked: list[str] = []

    def get(self, path: str, model: type[M], *, timeout: float = TIMEOUT) -> M:  # noqa: ARG002 - never answers
        self.asked.append(path.partition("?")[2])
        raise self.errors.pop(0)


def test_nothing_is_remembered_of_a_slow_ledger_that_was_erased() -> None:
    client = FailingClient([UpstreamTimeout(), UpstreamTimeout(), NotFound(), NotFound()])
    feed, ledger = Feed(client), LedgerId(uuid4())
    for error in (UpstreamTimeout, UpstreamTimeout, NotFound, NotFound):
        with pytest.raises(error):
            feed.page(ledger, 0)
    assert client.asked == ["after=0", "after=0&limit=64", "after=0&limit=16", "after=0"]
    assert feed._page_sizes == {}

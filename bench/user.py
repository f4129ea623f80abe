"""A user of the public API."""

import secrets
from collections.abc import Sequence
from typing import Any

from tests.support.client import ApiResponse, Client

AT_ONCE = 500
"""Changes that one batch may hold."""
PASSWORD = "a calm river at dawn"  # noqa: S105 - it opens an account of a stack that is gone in a minute


class BenchUser(Client):
    """Registered on the spot. The token lasts ten minutes: longer than any measurement."""

    def __init__(self, base: str) -> None:
        super().__init__(base)
        self.email = f"{secrets.token_hex(8)}@outlay.example"
        joined = self.post("/api/v1/auth/register", {"email": self.email, "password": PASSWORD, "currency": "EUR"})
        self.token = expect(joined, 201).json["access_token"]

    def record(self, **expense: Any) -> ApiResponse:  # noqa: ANN401 - JSON
        return expect(self.post("/api/v1/expenses", expense), 201)

    def record_all(self, expenses: Sequence[dict[str, Any]]) -> int:
        """In batches; the ledger's new revision."""
        revision = 0
        for start in range(0, len(expenses), AT_ONCE):
            batch = {"create": expenses[start : start + AT_ONCE]}
            revision = expect(self.post("/api/v1/expenses/batch", batch), 200).revision
        return revision


def expect(response: ApiResponse, status: int) -> ApiResponse:
    """The answer, where it is the right one."""
    assert response.status == status, f"{response.status}: {response.body[:300]!r}"
    return response

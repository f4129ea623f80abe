"""What a role and a token's scope allow, on the book's routes."""

import pytest

from contracts.identity import Role
from tests.support.client import Client
from tests.support.ledger_services import LedgerServices, LedgerUser

NEW = {"amount": "1", "category": "Food"}


def with_token(
    services: LedgerServices, user: LedgerUser, scope: str = "read write", role: Role = Role.OWNER
) -> Client:
    token = services.issuer.token(user.account, scope=scope, ledgers={user.ledger: role})
    return Client(services.expenses, token)


def test_a_token_for_imports_adds_and_changes_nothing(services: LedgerServices, user: LedgerUser) -> None:
    known = user.record()
    book = with_token(services, user, "import")
    assert book.post("/api/v1/expenses", NEW).status == 201
    assert book.post("/api/v1/expenses/batch", {"create": [NEW, NEW]}).status == 200

    assert book.get("/api/v1/expenses").status == 403
    assert book.patch(f"/api/v1/expenses/{known['id']}", {"amount": "2"}).status == 403
    assert book.delete(f"/api/v1/expenses/{known['id']}").status == 403
    assert book.post("/api/v1/expenses/batch", {"create": [NEW], "delete": [known["id"]]}).status == 403
    assert len(user.book.get("/api/v1/expenses").json["items"]) == 4


@pytest.mark.parametrize(("scope", "role"), [("read write", Role.VIEWER), ("read", Role.OWNER)])
def test_who_may_only_look_changes_nothing(services: LedgerServices, user: LedgerUser, scope: str, role: Role) -> None:
    known = user.record()
    action = user.book.get("/api/v1/journal").json["items"][-1]["action_id"]
    book = with_token(services, user, scope, role)
    one = f"/api/v1/expenses/{known['id']}"
    assert book.get(one).status == 200

    refused = [
        book.post("/api/v1/expenses", NEW),
        book.post("/api/v1/expenses/batch", {"delete": [known["id"]]}),
        book.patch(one, {"amount": "2"}),
        book.delete(one),
        book.patch(f"/api/v1/categories/{known['category_id']}", {"name": "Other"}),
        book.post(f"/api/v1/journal/{action}/undo", {}),
    ]
    assert [response.status for response in refused] == [403] * len(refused)
    assert book.get("/api/v1/expenses").json["items"] == [known]

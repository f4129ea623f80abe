"""Correcting, removing and changing many at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.support.client import Client
from tests.support.ledger_services import LedgerServices, LedgerUser


def path_of(expense: dict[str, str]) -> str:
    return f"/api/v1/expenses/{expense['id']}"


def last_entry(user: LedgerUser) -> dict[str, Any]:
    head = user.book.get("/api/v1/journal").json["head"]
    entry: dict[str, Any] = user.book.get(f"/api/v1/journal?after={head - 1}").json["items"][0]
    return entry


def test_a_merge_patch_changes_only_what_it_names(user: LedgerUser) -> None:
    expense = user.record(merchant="Rewe", note="milk", tags=["home"])
    response = user.book.patch(path_of(expense), {"amount": "13", "merchant": None, "category": "Groceries"})
    assert response.status == 200
    assert response.json == expense | {
        "amount": "13",
        "merchant": None,
        "category": "Groceries",
        "category_id": response.json["category_id"],
    }
    assert user.book.get(path_of(expense)).json == response.json


def test_a_merge_patch_may_come_as_its_own_media_type(user: LedgerUser) -> None:
    path = path_of(user.record())
    response = user.book.call("PATCH", path, {"note": "x"}, Content_Type="application/merge-patch+json")
    assert response.json["note"] == "x"


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"amount": None}, "/amount"),
        ({"amount": "0"}, "/amount"),
        ({"currency": "JPY"}, "/amount"),
        ({"currency": None}, "/currency"),
        ({"category": None}, "/category"),
        ({"spent_on": None}, "/spent_on"),
        ({"spent_on": "2026-13-01"}, "/spent_on"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_bad_patch_changes_nothing(user: LedgerUser, patch: dict[str, object], pointer: str) -> None:
    expense = user.record()
    response = user.book.patch(path_of(expense), patch)
    assert response.status == 422
    assert response.json["errors"][0]["pointer"] == pointer
    assert user.book.get(path_of(expense)).json == expense


def test_what_changes_nothing_writes_no_entry(user: LedgerUser) -> None:
    expense = user.record()
    head = user.book.get("/api/v1/journal").json["head"]
    response = user.book.patch(path_of(expense), {"amount": expense["amount"]})
    assert (response.status, response.revision) == (200, head)
    assert user.book.get("/api/v1/journal").json["head"] == head


def test_an_older_sight_cannot_overwrite_a_newer_state(user: LedgerUser) -> None:
    expense = user.record()
    seen = user.book.get(path_of(expense)).headers["etag"]
    assert user.book.patch(path_of(expense), {"amount": "1"}, If_Match=seen).status == 200
    assert user.book.patch(path_of(expense), {"amount": "2"}, If_Match=seen).status == 412
    assert user.book.delete(path_of(expense), If_Match=seen).status == 412
    now = user.book.get(path_of(expense))
    assert now.json["amount"] == "1"
    assert user.book.delete(path_of(expense), If_Match=now.headers["etag"]).status == 204


def test_a_removed_expense_is_gone_but_not_forgotten(user: LedgerUser) -> None:
    expense = user.record()
    response = user.book.delete(path_of(expense))
    assert (response.status, response.body) == (204, b"")
    assert user.book.get(path_of(expense)).status == 404
    assert user.book.delete(path_of(expense)).status == 404
    (pair,) = last_entry(user)["pairs"]
    assert pair["after"] is None
    assert pair["before"]["amount"] == expense["amount"]


def test_a_batch_is_one_entry(user: LedgerUser) -> None:
    keep, drop = user.record("1"), user.record("2")
    response = user.book.post(
        "/api/v1/expenses/batch",
        {
            "create": [{"amount": "3", "category": "New"}, {"amount": "4", "category": "new"}],
            "update": [{"id": keep["id"], "amount": "1.50"}],
            "delete": [drop["id"]],
        },
    )
    assert response.status == 200
    assert [item["amount"] for item in response.json["created"]] == ["3", "4"]
    assert response.json["updated"][0]["amount"] == "1.50"
    assert response.json["deleted"] == [drop["id"]]
    entry = last_entry(user)
    assert entry["revision"] == response.revision
    assert len(entry["pairs"]) == 5
    amounts = {item["amount"] for item in user.book.get("/api/v1/expenses").json["items"]}
    assert amounts == {"1.50", "3", "4"}


def test_a_batch_with_one_fault_does_nothing_and_names_it(user: LedgerUser) -> None:
    good = {"amount": "3", "category": "Food"}
    for body, pointer in (
        ({"create": [good, good | {"amount": "1e3"}]}, "/create/1/amount"),
        ({"create": [good, good | {"note": "a\x00"}]}, "/create/1/note"),
        ({"create": [good], "delete": [str(uuid4())]}, "/delete/0"),
        ({"create": [good], "update": [{"id": str(uuid4()), "amount": "1"}]}, "/update/0/id"),
        ({}, ""),
        ({"create": [good] * 501}, ""),
    ):
        response = user.book.post("/api/v1/expenses/batch", body)
        assert response.status == 422, response.body
        assert pointer in {error["pointer"] for error in response.json["errors"]}
    assert user.book.get("/api/v1/expenses").json["items"] == []


def test_a_batch_that_makes_many_categories_is_several_entries_of_one_action(user: LedgerUser) -> None:
    created = [{"amount": "1", "category": f"Category {number}"} for number in range(300)]
    response = user.book.post("/api/v1/expenses/batch", {"create": created})
    assert response.status == 200
    entries = user.book.get("/api/v1/journal?after=1").json["items"]
    assert [len(entry["pairs"]) for entry in entries] == [500, 100]
    assert len({entry["action_id"] for entry in entries}) == 1
    assert entries[1]["previous"] == entries[0]["id"]
    assert response.revision == entries[1]["revision"]


def test_many_correct_one_expense_at_once_and_every_before_image_is_right(services: LedgerServices) -> None:
    """Two clients, 500 corrections each way in all; the chain of images has no break."""
    user = services.new_user()
    expense = user.record("1")
    start = user.book.get("/api/v1/journal").json["head"]

    def correct(offset: int) -> None:
        client = Client(user.book.base, user.book.token)
        for number in range(250):
            assert client.patch(path_of(expense), {"amount": str(10 + 2 * number + offset)}).status == 200

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(correct, (0, 1)))
    entries: list[Any] = user.book.get(f"/api/v1/journal?after={start}&limit=500").json["items"]
    assert [entry["revision"] for entry in entries] == list(range(start + 1, start + 501))
    amount = "1"
    for entry in entries:
        (pair,) = entry["pairs"]
        assert pair["before"]["amount"] == amount
        amount = pair["after"]["amount"]
    assert user.book.get(path_of(expense)).json["amount"] == amount
    day = expense["spent_on"]
    summary = user.totals.get(f"/api/v1/summary?from={day}&to={day}", Outlay_Min_Revision=str(start + 500))
    assert summary.json["total"] == f"{amount}.00"
    assert summary.json["count"] == 1


def test_renaming_a_category_is_one_pair(user: LedgerUser) -> None:
    expense = user.record(category="Fod")
    user.record(category="Fun")
    path = f"/api/v1/categories/{expense['category_id']}"
    assert user.book.patch(path, {"name": "FUN"}).status == 409
    assert user.book.patch(path, {"name": " "}).status == 422
    assert user.book.patch(path, {"name": "Food"}).json["name"] == "Food"
    assert len(last_entry(user)["pairs"]) == 1
    assert user.book.get(path_of(expense)).json["category"] == "Food"
    assert user.book.patch(f"/api/v1/categories/{uuid4()}", {"name": "x"}).status == 404


def test_an_older_sight_of_a_category_cannot_overwrite_a_newer_name(user: LedgerUser) -> None:
    path = f"/api/v1/categories/{user.record(category='Fod')['category_id']}"
    seen = user.book.patch(path, {"name": "Foods"}).headers["etag"]
    assert user.book.patch(path, {"name": "Food"}, If_Match=seen).status == 200
    assert user.book.patch(path, {"name": "Feed"}, If_Match=seen).status == 412
    assert [item["name"] for item in user.book.get("/api/v1/categories").json["items"]] == ["Food"]

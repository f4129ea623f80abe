"""Undo: any action, days later, without overwriting what happened since."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.support.client import ApiResponse
from tests.support.ledger_services import LedgerUser

DAY = "2026-05-05"


def undo(user: LedgerUser, write: ApiResponse, query: str = "") -> ApiResponse:
    return user.book.post(f"/api/v1/journal/{write.headers['outlay-action']}/undo{query}", None)


def record(user: LedgerUser, amount: str, category: str = "Food") -> ApiResponse:
    return user.book.post("/api/v1/expenses", {"amount": amount, "category": category, "spent_on": DAY})


def book_of(user: LedgerUser) -> tuple[list[Any], list[Any]]:
    return user.book.get("/api/v1/expenses").json["items"], user.book.get("/api/v1/categories").json["items"]


def total(user: LedgerUser, write: ApiResponse) -> str:
    query = f"/api/v1/summary?from={DAY}&to={DAY}"
    found: str = user.totals.get(query, Outlay_Min_Revision=str(write.revision)).json["total"]
    return found


def test_each_kind_of_action_can_be_undone_and_done_again(user: LedgerUser) -> None:
    first = record(user, "10")
    path = f"/api/v1/expenses/{first.json['id']}"
    before = book_of(user)
    batch = {"create": [{"amount": "3", "category": "New"}], "update": [{"id": first.json["id"], "note": "y"}]}
    category = f"/api/v1/categories/{first.json['category_id']}"
    acts: list[Callable[[], ApiResponse]] = [
        lambda: user.book.patch(path, {"amount": "11", "category": "Fun", "note": "x"}),
        lambda: user.book.delete(path),
        lambda: user.book.post("/api/v1/expenses/batch", batch),
        lambda: user.book.patch(category, {"name": "Renamed"}),
        lambda: record(user, "5", "Other"),
    ]
    for act in acts:
        write = act()
        assert write.status < 300, write.body
        done = book_of(user)
        undone = undo(user, write)
        assert (undone.status, undone.json["skipped"]) == (201, []), undone.body
        assert book_of(user) == before
        assert total(user, undone) == "10.00"
        redone = undo(user, undone)
        assert redone.status == 201, redone.body
        assert book_of(user) == done
        assert undo(user, redone).status == 201
    assert book_of(user) == before


def test_what_changed_since_is_never_overwritten(user: LedgerUser) -> None:
    batch = user.book.post(
        "/api/v1/expenses/batch",
        {"create": [{"amount": str(n), "category": "Food", "spent_on": DAY} for n in (1, 2, 4)]},
    )
    one, two, _ = batch.json["created"]
    user.book.patch(f"/api/v1/expenses/{one['id']}", {"amount": "8"})
    user.book.delete(f"/api/v1/expenses/{two['id']}")
    refused = undo(user, batch)
    assert (refused.status, refused.json["type"]) == (409, "urn:outlay:problem:changed-since")
    left = {(item["kind"], item["reason"]) for item in refused.json["changed"]}
    assert left == {("expense", "changed"), ("category", "in_use")}
    assert {item["id"] for item in refused.json["changed"]} >= {one["id"], two["id"]}
    assert len(book_of(user)[0]) == 2
    done = undo(user, batch, "?skip=changed")
    assert (done.status, done.json["undone"], len(done.json["skipped"])) == (201, 1, 3)
    assert [item["amount"] for item in book_of(user)[0]] == ["8"]
    assert total(user, done) == "8.00"
    again = undo(user, batch)
    assert again.status == 409, "an action is undone once"


def test_a_category_that_others_use_by_now_stays(user: LedgerUser) -> None:
    made = record(user, "1", "Shared")
    record(user, "2", "shared")
    refused = undo(user, made)
    assert [item["reason"] for item in refused.json["changed"]] == ["in_use"]
    assert undo(user, made, "?skip=changed").json["undone"] == 1
    assert [item["name"] for item in book_of(user)[1]] == ["Shared"]


def test_a_name_that_is_taken_by_now_stays_taken(user: LedgerUser) -> None:
    first = record(user, "1", "Old")
    renamed = user.book.patch(f"/api/v1/categories/{first.json['category_id']}", {"name": "New"})
    record(user, "2", "OLD")
    assert [item["reason"] for item in undo(user, renamed).json["changed"]] == ["name_taken"]


@pytest.mark.parametrize(("back", "gone"), [("A", "B"), ("B", "A")])
def test_a_name_that_a_category_of_the_same_action_has_by_now_is_taken_too(
    user: LedgerUser, back: str, gone: str
) -> None:
    create = [{"amount": "1", "category": name, "spent_on": DAY} for name in ("A", "B")]
    undone = undo(user, user.book.post("/api/v1/expenses/batch", {"create": create}))
    in_the_way = record(user, "2", gone)
    assert undo(user, undone, "?skip=changed").json["undone"] == 2, "one category and its expense"
    ids = {item["name"]: item["id"] for item in book_of(user)[1]}
    assert ids[gone] == in_the_way.json["category_id"]
    user.book.patch(f"/api/v1/categories/{ids[gone]}", {"name": "Z"})
    user.book.patch(f"/api/v1/categories/{ids[back]}", {"name": gone})

    again = undo(user, undone)

    assert again.status == 409
    assert "name_taken" in {item["reason"] for item in again.json["changed"]}
    assert undo(user, undone, "?skip=changed").json["undone"] == 0


def test_an_expense_whose_category_is_gone_cannot_return_alone(user: LedgerUser) -> None:
    made = record(user, "1", "Gone")
    removed = user.book.delete(f"/api/v1/expenses/{made.json['id']}")
    assert undo(user, made, "?skip=changed").json["undone"] == 1, "the category alone is put back"
    assert book_of(user) == ([], [])
    assert [item["reason"] for item in undo(user, removed).json["changed"]] == ["category_gone"]


def test_an_action_of_several_entries_is_undone_whole(user: LedgerUser) -> None:
    create = [{"amount": "1", "category": f"Category {n}", "spent_on": DAY} for n in range(300)]
    batch = user.book.post("/api/v1/expenses/batch", {"create": create})
    done = undo(user, batch)
    assert done.json["undone"] == 600
    assert book_of(user) == ([], [])
    assert total(user, done) == "0.00"
    assert undo(user, done).json["undone"] == 600
    assert len(book_of(user)[1]) == 300


@pytest.mark.parametrize("query", ["?skip=all", "?force=1"])
def test_bad_parameters_are_named(user: LedgerUser, query: str) -> None:
    assert undo(user, record(user, "1"), query).status == 400


def test_what_is_not_there_or_not_ones_own_or_not_undone(user: LedgerUser) -> None:
    assert user.book.post(f"/api/v1/journal/{uuid4()}/undo", None).status == 404
    assert user.book.post("/api/v1/journal/nonsense/undo", None).status == 404
    record(user, "1")
    opened = user.book.get("/api/v1/journal").json["items"][0]
    refused = user.book.post(f"/api/v1/journal/{opened['action_id']}/undo", None)
    assert [item["reason"] for item in refused.json["changed"]] == ["fixed"]

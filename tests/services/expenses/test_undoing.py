"""Undo: any action, days later, without overwriting what happened since."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.support.client import ApiResponse
from tests.support.ledger_services import LedgerUser

DAY = "2026-05-05"


def undo(person: LedgerUser, write: ApiResponse, query: str = "") -> ApiResponse:
    return person.book.post(f"/api/v1/journal/{write.headers['outlay-action']}/undo{query}", None)


def record(person: LedgerUser, amount: str, category: str = "Food") -> ApiResponse:
    return person.book.post("/api/v1/expenses", {"amount": amount, "category": category, "spent_on": DAY})


def book_of(person: LedgerUser) -> tuple[list[Any], list[Any]]:
    return person.book.get("/api/v1/expenses").json["items"], person.book.get("/api/v1/categories").json["items"]


def total(person: LedgerUser, write: ApiResponse) -> str:
    query = f"/api/v1/summary?from={DAY}&to={DAY}"
    found: str = person.totals.get(query, Outlay_Min_Revision=str(write.revision)).json["total"]
    return found


def test_each_kind_of_action_can_be_undone_and_done_again(person: LedgerUser) -> None:
    first = record(person, "10")
    path = f"/api/v1/expenses/{first.json['id']}"
    before = book_of(person)
    batch = {"create": [{"amount": "3", "category": "New"}], "update": [{"id": first.json["id"], "note": "y"}]}
    category = f"/api/v1/categories/{first.json['category_id']}"
    acts: list[Callable[[], ApiResponse]] = [
        lambda: person.book.patch(path, {"amount": "11", "category": "Fun", "note": "x"}),
        lambda: person.book.delete(path),
        lambda: person.book.post("/api/v1/expenses/batch", batch),
        lambda: person.book.patch(category, {"name": "Renamed"}),
        lambda: record(person, "5", "Other"),
    ]
    for act in acts:
        write = act()
        assert write.status < 300, write.body
        done = book_of(person)
        undone = undo(person, write)
        assert (undone.status, undone.json["skipped"]) == (201, []), undone.body
        assert book_of(person) == before
        assert total(person, undone) == "10.00"
        redone = undo(person, undone)
        assert redone.status == 201, redone.body
        assert book_of(person) == done
        assert undo(person, redone).status == 201
    assert book_of(person) == before


def test_what_changed_since_is_never_overwritten(person: LedgerUser) -> None:
    batch = person.book.post(
        "/api/v1/expenses/batch",
        {"create": [{"amount": str(n), "category": "Food", "spent_on": DAY} for n in (1, 2, 4)]},
    )
    one, two, _ = batch.json["created"]
    person.book.patch(f"/api/v1/expenses/{one['id']}", {"amount": "8"})
    person.book.delete(f"/api/v1/expenses/{two['id']}")
    refused = undo(person, batch)
    assert (refused.status, refused.json["type"]) == (409, "urn:outlay:problem:changed-since")
    left = {(item["kind"], item["reason"]) for item in refused.json["changed"]}
    assert left == {("expense", "changed"), ("category", "in_use")}
    assert {item["id"] for item in refused.json["changed"]} >= {one["id"], two["id"]}
    assert len(book_of(person)[0]) == 2
    done = undo(person, batch, "?skip=changed")
    assert (done.status, done.json["undone"], len(done.json["skipped"])) == (201, 1, 3)
    assert [item["amount"] for item in book_of(person)[0]] == ["8"]
    assert total(person, done) == "8.00"
    again = undo(person, batch)
    assert again.status == 409, "an action is undone once"


def test_a_category_that_others_use_by_now_stays(person: LedgerUser) -> None:
    made = record(person, "1", "Shared")
    record(person, "2", "shared")
    refused = undo(person, made)
    assert [item["reason"] for item in refused.json["changed"]] == ["in_use"]
    assert undo(person, made, "?skip=changed").json["undone"] == 1
    assert [item["name"] for item in book_of(person)[1]] == ["Shared"]


def test_a_name_that_is_taken_by_now_stays_taken(person: LedgerUser) -> None:
    first = record(person, "1", "Old")
    renamed = person.book.patch(f"/api/v1/categories/{first.json['category_id']}", {"name": "New"})
    record(person, "2", "OLD")
    assert [item["reason"] for item in undo(person, renamed).json["changed"]] == ["name_taken"]


@pytest.mark.parametrize(("back", "gone"), [("A", "B"), ("B", "A")])
def test_a_name_that_a_category_of_the_same_action_has_by_now_is_taken_too(
    person: LedgerUser, back: str, gone: str
) -> None:
    create = [{"amount": "1", "category": name, "spent_on": DAY} for name in ("A", "B")]
    undone = undo(person, person.book.post("/api/v1/expenses/batch", {"create": create}))
    in_the_way = record(person, "2", gone)
    assert undo(person, undone, "?skip=changed").json["undone"] == 2, "one category and its expense"
    ids = {item["name"]: item["id"] for item in book_of(person)[1]}
    assert ids[gone] == in_the_way.json["category_id"]
    person.book.patch(f"/api/v1/categories/{ids[gone]}", {"name": "Z"})
    person.book.patch(f"/api/v1/categories/{ids[back]}", {"name": gone})

    again = undo(person, undone)

    assert again.status == 409
    assert "name_taken" in {item["reason"] for item in again.json["changed"]}
    assert undo(person, undone, "?skip=changed").json["undone"] == 0


def test_an_expense_whose_category_is_gone_cannot_return_alone(person: LedgerUser) -> None:
    made = record(person, "1", "Gone")
    removed = person.book.delete(f"/api/v1/expenses/{made.json['id']}")
    assert undo(person, made, "?skip=changed").json["undone"] == 1, "the category alone is put back"
    assert book_of(person) == ([], [])
    assert [item["reason"] for item in undo(person, removed).json["changed"]] == ["category_gone"]


def test_an_action_of_several_entries_is_undone_whole(person: LedgerUser) -> None:
    create = [{"amount": "1", "category": f"Category {n}", "spent_on": DAY} for n in range(300)]
    batch = person.book.post("/api/v1/expenses/batch", {"create": create})
    done = undo(person, batch)
    assert done.json["undone"] == 600
    assert book_of(person) == ([], [])
    assert total(person, done) == "0.00"
    assert undo(person, done).json["undone"] == 600
    assert len(book_of(person)[1]) == 300


@pytest.mark.parametrize("query", ["?skip=all", "?force=1"])
def test_bad_parameters_are_named(person: LedgerUser, query: str) -> None:
    assert undo(person, record(person, "1"), query).status == 400


def test_what_is_not_there_or_not_ones_own_or_not_undone(person: LedgerUser) -> None:
    assert person.book.post(f"/api/v1/journal/{uuid4()}/undo", None).status == 404
    assert person.book.post("/api/v1/journal/nonsense/undo", None).status == 404
    record(person, "1")
    opened = person.book.get("/api/v1/journal").json["items"][0]
    refused = person.book.post(f"/api/v1/journal/{opened['action_id']}/undo", None)
    assert [item["reason"] for item in refused.json["changed"]] == ["fixed"]

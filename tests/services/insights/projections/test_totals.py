"""Totals: exact after every write, whatever the currency, the day or the way there."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.support.client import ApiResponse
from tests.support.ledger_services import LedgerServices, LedgerUser

YEAR = "?from=2026-01-01&to=2026-12-31"


def summary(user: LedgerUser, revision: int, query: str = YEAR) -> ApiResponse:
    response = user.totals.get(f"/api/v1/summary{query}", Outlay_Min_Revision=str(revision))
    assert response.status == 200, response.body
    assert response.revision >= revision
    assert response.json["revision"] == response.revision
    return response


def test_an_empty_ledger_has_an_empty_summary(user: LedgerUser) -> None:
    response = user.totals.get("/api/v1/summary")
    assert response.status == 200, response.body
    assert response.json | {"from": "", "to": ""} == {
        "from": "",
        "to": "",
        "currency": "EUR",
        "total": "0.00",
        "count": 0,
        "categories": [],
        "other": [],
        "revision": 1,
    }


def test_where_the_money_went(user: LedgerUser) -> None:
    user.record("30", "Food", spent_on="2026-03-01")
    user.record("-5.50", "Food", spent_on="2026-03-31")
    user.record("75.50", "Rent", spent_on="2026-03-15")
    user.record("1000", "Rent", currency="JPY", spent_on="2026-03-15")
    last = user.book.post("/api/v1/expenses", {"amount": "9", "category": "Food", "spent_on": "2026-04-01"})
    response = summary(user, last.revision, "?from=2026-03-01&to=2026-03-31").json
    assert (response["total"], response["count"]) == ("100.00", 3)
    assert [(item["category"], item["total"], item["count"], item["share"]) for item in response["categories"]] == [
        ("Rent", "75.50", 1, "0.7550"),
        ("Food", "24.50", 2, "0.2450"),
    ]
    assert response["other"] == [{"currency": "JPY", "total": "1000", "count": 1}]


def test_shares_of_nothing_are_null(user: LedgerUser) -> None:
    user.record("10", "Food", spent_on="2026-03-01")
    last = user.book.post("/api/v1/expenses", {"amount": "-10", "category": "Fun", "spent_on": "2026-03-01"})
    response = summary(user, last.revision).json
    assert response["total"] == "0.00"
    assert [item["share"] for item in response["categories"]] == [None, None]


@pytest.mark.parametrize(
    ("week_start", "buckets", "totals"),
    [
        ("", ["2026-03-02", "2026-03-09"], ["7.00", "8.00"]),
        ("&week_start=monday", ["2026-03-02", "2026-03-09"], ["7.00", "8.00"]),
        ("&week_start=sunday", ["2026-03-01", "2026-03-08"], ["3.00", "12.00"]),
        ("&week_start=saturday", ["2026-02-28", "2026-03-07"], ["1.00", "14.00"]),
    ],
)
def test_weeks_begin_where_they_are_asked_to(
    user: LedgerUser, week_start: str, buckets: list[str], totals: list[str]
) -> None:
    for day, amount in ((6, "1"), (7, "2"), (8, "4"), (9, "8")):  # a Friday and the days after it
        user.record(amount, spent_on=f"2026-03-{day:02d}")
    query = f"/api/v1/trends?from=2026-03-05&to=2026-03-10&by=week{week_start}"
    response = user.totals.get(query, Outlay_Min_Revision="5").json
    assert (response["buckets"], response["totals"]) == (buckets, totals)


def test_the_first_weeks_of_all_may_be_short(user: LedgerUser) -> None:
    user.record("1", spent_on="0001-01-07")
    query = "/api/v1/trends?from=0001-01-01&to=0001-01-20&by=week&week_start=sunday"
    response = user.totals.get(query, Outlay_Min_Revision="2").json
    assert response["buckets"] == ["0001-01-01", "0001-01-07", "0001-01-14"]
    assert response["totals"] == ["0.00", "1.00", "0.00"]


@pytest.mark.parametrize(
    ("amounts", "shares"),
    [
        ({"A": "100", "B": "-99", "C": "5"}, [None, None, None]),
        ({"A": "100", "B": "-1"}, [None, None]),
        ({"A": "100", "B": "0.01"}, ["0.9999", "0.0001"]),
        ({"A": "-5"}, [None]),
    ],
)
def test_no_share_is_below_nothing_or_above_the_whole(
    user: LedgerUser, amounts: dict[str, str], shares: list[str | None]
) -> None:
    for category, amount in amounts.items():
        user.record(amount, category, spent_on="2026-03-01")
    response = summary(user, len(amounts) + 1, "?from=2026-03-01&to=2026-03-31").json
    assert [item["share"] for item in response["categories"]] == shares


def test_refunds_within_a_category_leave_shares_as_they_are(user: LedgerUser) -> None:
    user.record("100", "A", spent_on="2026-03-01")
    user.record("-99", "A", spent_on="2026-03-01")
    user.record("3", "B", spent_on="2026-03-01")
    response = summary(user, 4, "?from=2026-03-01&to=2026-03-31").json
    assert [(item["category"], item["share"]) for item in response["categories"]] == [("B", "0.7500"), ("A", "0.2500")]


def test_ones_own_writes_are_always_seen(services: LedgerServices) -> None:
    """Every kind of write, many times over, each followed by a summary at its revision."""
    user, chance = services.new_user(), random.Random(7)
    kept: dict[str, Decimal] = {}
    for turn in range(200):
        amount = f"{chance.randint(1, 99_999)}.{chance.randint(0, 99):02d}"
        body = {"amount": amount, "category": chance.choice("ABC"), "spent_on": f"2026-0{chance.randint(1, 9)}-10"}
        kind = chance.choice(["create", "create", "correct", "remove"]) if kept else "create"
        if kind == "create":
            response = user.book.post("/api/v1/expenses", body)
            kept[response.json["id"]] = Decimal(amount)
        elif kind == "correct":
            id_ = chance.choice(list(kept))
            response = user.book.patch(f"/api/v1/expenses/{id_}", body)
            kept[id_] = Decimal(amount)
        else:
            id_ = chance.choice(list(kept))
            response = user.book.delete(f"/api/v1/expenses/{id_}")
            del kept[id_]
        seen = summary(user, response.revision).json
        assert (Decimal(seen["total"]), seen["count"]) == (sum(kept.values()), len(kept)), turn
        assert sum(Decimal(item["total"]) for item in seen["categories"]) == Decimal(seen["total"])


def test_several_readers_and_a_reading_crowd_count_each_entry_once(services: LedgerServices) -> None:
    user = services.new_user()
    readers = [services.reader() for _ in range(3)]
    try:
        with ThreadPoolExecutor(9) as pool:
            writes = [pool.submit(user.record, str(number), spent_on="2026-05-05") for number in range(1, 101)]
            reads = [
                pool.submit(reader.catch_up, user.ledger, number, by="sweep")
                for number in range(2, 102)
                for reader, _ in readers
            ]
            for future in writes:
                future.result()
            for read in reads:
                read.result()
        response = summary(user, 101).json
        assert (response["total"], response["count"]) == ("5050.00", 100)
    finally:
        for _, database in readers:
            database.close()


def test_a_renamed_category_keeps_its_sum(user: LedgerUser) -> None:
    expense = user.record("5", "Fod", spent_on="2026-03-01")
    path = f"/api/v1/categories/{expense['category_id']}"
    renamed = user.book.patch(path, {"name": "Food"})
    (item,) = summary(user, renamed.revision).json["categories"]
    assert (item["category"], item["total"]) == ("Food", "5.00")


def test_months_and_edges_add_up_to_the_days(services: LedgerServices) -> None:
    user, chance = services.new_user(), random.Random(3)
    days = [f"{year}-{month:02d}-{day:02d}" for year in (2023, 2024) for month in range(1, 13) for day in (1, 15, 28)]
    create = [{"amount": str(chance.randint(1, 50)), "category": "A", "spent_on": day} for day in days]
    revision = user.book.post("/api/v1/expenses/batch", {"create": create}).revision
    for _ in range(30):
        since, until = sorted(chance.sample(days, 2))
        expected = sum(int(item["amount"]) for item in create if since <= item["spent_on"] <= until)
        assert summary(user, revision, f"?from={since}&to={until}").json["total"] == f"{expected}.00"
    everything = summary(user, revision, "?from=0001-01-01&to=9999-12-31").json
    assert everything["count"] == len(days)


@pytest.mark.parametrize(
    ("by", "buckets", "food", "totals"),
    [
        ("day", ["2026-03-30", "2026-03-31", "2026-04-01"], ["1.00", "0.00", "2.00"], ["1.00", "4.00", "2.00"]),
        ("week", ["2026-03-30"], ["3.00"], ["7.00"]),
        ("month", ["2026-03-01", "2026-04-01"], ["1.00", "2.00"], ["5.00", "2.00"]),
    ],
)
def test_trends(user: LedgerUser, by: str, buckets: list[str], food: list[str], totals: list[str]) -> None:
    user.record("1", "Food", spent_on="2026-03-30")
    user.record("4", "Rent", spent_on="2026-03-31")
    user.record("2", "Food", spent_on="2026-04-01")
    user.record("99", "Food", spent_on="2026-04-02")
    response = user.totals.get(f"/api/v1/trends?from=2026-03-30&to=2026-04-01&by={by}").json
    assert response["buckets"] == buckets
    assert response["totals"] == totals
    assert {line["category"]: line["totals"] for line in response["series"]}["Food"] == food


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/api/v1/summary?from=2026-02-30", "from"),
        ("/api/v1/summary?from=2026-03-02&to=2026-03-01", "from"),
        ("/api/v1/summary?month=3", "month"),
        ("/api/v1/trends?by=hour", "by"),
        ("/api/v1/trends?by=week&week_start=friday", "week_start"),
        ("/api/v1/trends?by=week&week_start=", "week_start"),
        ("/api/v1/summary?week_start=monday", "week_start"),
        ("/api/v1/trends?from=0001-01-01&to=9999-12-31&by=day", "from"),
    ],
)
def test_bad_parameters_are_named(user: LedgerUser, path: str, pointer: str) -> None:
    response = user.totals.get(path)
    assert response.status == 400, response.body
    assert [error["pointer"] for error in response.json["errors"]] == [pointer]


def test_a_revision_that_the_journal_has_not_reached_is_said_at_once(user: LedgerUser) -> None:
    user.record()
    response = user.totals.get("/api/v1/summary", Outlay_Min_Revision="1000")
    assert (response.status, response.json["type"]) == (412, "urn:outlay:problem:unknown-revision")
    assert user.totals.get("/api/v1/summary", Outlay_Min_Revision="1e3").status == 400


def test_no_user_sees_anothers_totals(services: LedgerServices, user: LedgerUser) -> None:
    user.record()
    other = services.new_user()
    for path in (f"/api/v1/summary?ledger={user.account}", f"/api/v1/trends?ledger={uuid4()}"):
        assert other.totals.get(path).status == 404
    assert summary(other, 0).json["count"] == 0

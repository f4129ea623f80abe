"""The list: newest first, filtered, page by page."""

from uuid import UUID

import pytest

from tests.support.ledger_services import LedgerServices, LedgerUser

EXPENSES = [
    {"amount": "1", "category": "Food", "merchant": "Rewe", "spent_on": "2026-01-05", "tags": ["home"]},
    {"amount": "2", "category": "Food", "merchant": "REWE", "spent_on": "2026-01-06", "note": "50% off_now"},
    {"amount": "3", "category": "Travel", "merchant": "Bahn", "spent_on": "2026-01-06", "tags": ["Work", "home"]},
    {"amount": "4", "category": "Travel", "merchant": "Straße GmbH", "spent_on": "2026-02-01"},
]


@pytest.fixture(scope="module")
def reader(services: LedgerServices) -> LedgerUser:
    """A user with a few expenses."""
    user = services.new_user()
    assert user.book.post("/api/v1/expenses/batch", {"create": EXPENSES}).status == 200
    return user


def amounts(user: LedgerUser, query: str) -> str:
    response = user.book.get(f"/api/v1/expenses{query}")
    assert response.status == 200, response.body
    return "".join(item["amount"] for item in response.json["items"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "4321"),
        ("?from=2026-01-06", "432"),
        ("?to=2026-01-05", "1"),
        ("?from=2026-01-06&to=2026-01-06", "32"),
        ("?category=food", "21"),
        ("?category=Nothing", ""),
        ("?merchant=rewe", "21"),
        ("?merchant=STRASSE%20gmbh", "4"),
        ("?merchant=Rew", ""),
        ("?q=REW", "21"),
        ("?q=50%25", "2"),
        ("?q=f_n", "2"),
        ("?q=5_%25", ""),
        ("?q=work", "3"),
        ("?q=%27%20OR%201=1", ""),
        ("?tag=Home", "31"),
        ("?tag=hom", ""),
        ("?currency=EUR", "4321"),
        ("?currency=USD", ""),
        ("?category=Travel&tag=work&q=bahn", "3"),
        ("?weekday=1", "1"),
        ("?weekday=2", "32"),
        ("?weekday=7", "4"),
        ("?weekday=6", ""),
    ],
)
def test_filters_hold_all_at_once(reader: LedgerUser, query: str, expected: str) -> None:
    assert amounts(reader, query) == expected


def test_a_category_is_found_by_its_id(reader: LedgerUser) -> None:
    food = reader.book.get("/api/v1/categories").json["items"][0]
    assert food["name"] == "Food"
    assert amounts(reader, f"?category={food['id']}") == "21"


def test_named_ones_alone_are_listed_and_another_persons_are_not_among_them(
    services: LedgerServices, reader: LedgerUser
) -> None:
    food, bahn = ((reader.book.get(f"/api/v1/expenses?{query}").json["items"]) for query in ("q=off_now", "q=bahn"))
    foreign = services.new_user().record()["id"]
    ids = ",".join([food[0]["id"], bahn[0]["id"], foreign])

    assert amounts(reader, f"?ids={ids}") == "32"
    assert amounts(reader, f"?ids={ids}&category=food") == "2"
    assert amounts(reader, f"?ids={foreign}") == ""


def test_pages_join_without_gap_or_overlap(reader: LedgerUser) -> None:
    seen, path = "", "/api/v1/expenses?limit=1"
    cursor = ""
    while True:
        page = reader.book.get(path + cursor).json
        seen += "".join(item["amount"] for item in page["items"])
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == "4321"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?limit=0", "limit"),
        ("?limit=501", "limit"),
        ("?limit=x", "limit"),
        ("?cursor=zzz", "cursor"),
        ("?cursor=%00", "cursor"),
        ("?from=2026-02-30", "from"),
        ("?from=1767571200", "from"),
        ("?q=%00", "q"),
        ("?q=" + "x" * 201, "q"),
        ("?order=amount", "order"),
        ("?weekday=0", "weekday"),
        ("?weekday=8", "weekday"),
        ("?ids=", "ids"),
        ("?ids=1,2", "ids"),
        ("?ids=" + ",".join(str(UUID(int=number)) for number in range(101)), "ids"),
    ],
)
def test_bad_parameters_are_named(reader: LedgerUser, query: str, pointer: str) -> None:
    response = reader.book.get(f"/api/v1/expenses{query}")
    assert response.status == 400, response.body
    assert pointer in {error["pointer"] for error in response.json["errors"]}


def test_from_after_to_is_refused(reader: LedgerUser) -> None:
    assert reader.book.get("/api/v1/expenses?from=2026-02-01&to=2026-01-01").status == 400


def test_reads_carry_their_revision_and_take_a_minimum(reader: LedgerUser) -> None:
    head = reader.book.get("/api/v1/journal").json["head"]
    response = reader.book.get("/api/v1/expenses", Outlay_Min_Revision=str(head))
    assert response.revision == head
    too_new = reader.book.get("/api/v1/expenses", Outlay_Min_Revision=str(head + 1))
    assert (too_new.status, too_new.json["type"]) == (412, "urn:outlay:problem:unknown-revision")
    for nonsense in ("x", "-1", "1.5", "9" * 30):
        assert reader.book.get("/api/v1/expenses", Outlay_Min_Revision=nonsense).status == 400

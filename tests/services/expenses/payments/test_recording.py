"""Recording an expense: what is stored, what is refused, and that nothing is stored then."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.support.client import ApiResponse
from tests.support.ledger_services import LedgerServices, LedgerUser


def refused(response: ApiResponse, pointer: str) -> None:
    assert 400 <= response.status < 500, response.body
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json
    assert problem["status"] == response.status
    assert pointer in {error["pointer"] for error in problem.get("errors", [])}, problem


def test_an_expense_comes_back_as_it_was_sent(user: LedgerUser) -> None:
    sent = {
        "amount": "12.50",
        "currency": "EUR",
        "category": "Food",
        "merchant": "Café Größe ☕",
        "note": "عشاء مع العائلة 🍲\nsecond line",
        "spent_on": "2026-02-28",
        "tags": ["Lunch", "work"],
    }
    response = user.book.post("/api/v1/expenses", sent)
    assert response.status == 201
    assert {name: response.json[name] for name in sent} == sent
    assert response.headers["location"] == f"/api/v1/expenses/{response.json['id']}"
    again = user.book.get(response.headers["location"])
    assert again.json == response.json
    assert again.headers["etag"] == response.headers["etag"]
    assert user.book.get(response.headers["location"], If_None_Match=again.headers["etag"]).status == 304


@pytest.mark.parametrize("amount", ["12", "-12.50", "0.01", "9999999999.99", "12.5"])
def test_amounts_are_kept_as_written(user: LedgerUser, amount: str) -> None:
    assert user.record(amount)["amount"] == amount


NOT_STRINGS = [12.5, 12, None, True, ["1"]]
NOT_AMOUNTS = ["12.505", "1e3", "NaN", "Infinity", "-0", "0", "0.00", "+5", " 5", "5 ", "", ".5", "1_000", "1,50"]
NOT_AMOUNTS_EITHER = ["5.", "١٢", "９", "9" * 30, "1." + "0" * 30, "10000000001", "--5", "0x10"]


@pytest.mark.parametrize("amount", [*NOT_STRINGS, *NOT_AMOUNTS, *NOT_AMOUNTS_EITHER])
def test_other_amounts_are_refused_and_nothing_is_stored(user: LedgerUser, amount: object) -> None:
    refused(user.book.post("/api/v1/expenses", {"amount": amount, "category": "Food"}), "/amount")
    assert user.book.get("/api/v1/expenses").json["items"] == []
    assert user.book.get("/api/v1/categories").json["items"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "XXX1"),
        ("currency", "XXX"),
        ("currency", "eur"),
        ("currency", ""),
        ("spent_on", "2026-02-30"),
        ("spent_on", "0000-01-01"),
        ("spent_on", "2026-2-3"),
        ("spent_on", "2026-02-03T00:00:00"),
        ("spent_on", 1_700_000_000),
        ("spent_on", "1700000000"),
        ("note", "x" * 2001),
        ("note", "a\x00b"),
        ("note", 5),
        ("merchant", "m" * 201),
        ("merchant", "a\x1bb"),
        ("category", ""),
        ("category", "   "),
        ("category", "c" * 81),
        ("category", "01890000-0000-7000-8000-000000000000"),
        ("tags", ["t"] * 21),
        ("tags", "food"),
        ("colour", "red"),
        ("id", "01890000-0000-7000-8000-000000000000"),
    ],
)
def test_bad_fields_are_named(user: LedgerUser, field: str, value: object) -> None:
    body = {"amount": "5", "category": "Food", field: value}
    refused(user.book.post("/api/v1/expenses", body), f"/{field}")
    assert user.book.get("/api/v1/expenses").json["items"] == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"amount": 12.5, "category": "Food"}, "amount: this must be text, in quotation marks."),
        ({"amount": "5", "category": "Food", "spent_on": "2026-02-30"}, "spent_on: there is no such day."),
        ({"amount": "5", "category": "Food", "spent_on": "0000-01-01"}, "spent_on: there is no such day."),
        ({"amount": "5", "colour": "red"}, "category: this field is needed; colour: this field is not known."),
        (["5"], "body: this must be a JSON object."),
    ],
)
def test_what_is_wrong_is_said_for_people(user: LedgerUser, body: object, sentence: str) -> None:
    assert user.book.post("/api/v1/expenses", body).json["detail"] == sentence


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"amount": NaN}', "application/json", 422),
        (b"[" * 100_000 + b"]" * 100_000, "application/json", 400),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "application/json", 400),
        (b'"text"', "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"", "application/json", 422),
        (b"\xff\xfe", "application/json", 400),
        (b'{"amount":"5","category":"\\ud800"}', "application/json", 422),
        (b'{"amount":"5","category":"Food"}', "text/plain", 415),
        (b"amount=5&category=Food", "application/x-www-form-urlencoded", 415),
        (b'{"amount":"5","category":"Food","note":"' + b"x" * 2_000_000 + b'"}', "application/json", 413),
    ],
)
def test_bodies_that_are_no_expense_are_refused(user: LedgerUser, raw: bytes, kind: str, status: int) -> None:
    response = user.book.call("POST", "/api/v1/expenses", raw=raw, Content_Type=kind)
    assert response.status == status, response.body
    assert response.headers["content-type"] == "application/problem+json"
    assert user.book.get("/api/v1/expenses").json["items"] == []


def test_the_currency_is_the_ledgers_unless_given(services: LedgerServices) -> None:
    user = services.new_user("JPY")
    assert user.record("1200")["currency"] == "JPY"
    refused(user.book.post("/api/v1/expenses", {"amount": "12.5", "category": "Food"}), "/amount")
    assert user.record("12.345", currency="BHD")["currency"] == "BHD"


def test_a_category_is_found_by_name_or_id_and_made_when_new(user: LedgerUser) -> None:
    first = user.record(category="Café")
    same = user.record(category="CAFE\u0301")
    by_id = user.record(category=first["category_id"])
    assert {first["category_id"]} == {same["category_id"], by_id["category_id"]}
    assert same["category"] == "Café"
    made = user.book.get("/api/v1/journal?after=1&limit=1").json["items"][0]
    assert [pair["kind"] for pair in made["pairs"]] == ["category", "expense"]


def test_a_key_makes_a_write_happen_once(user: LedgerUser) -> None:
    body = {"amount": "5", "category": "Food"}
    first = user.book.post("/api/v1/expenses", body, Idempotency_Key="key-1")
    again = user.book.post("/api/v1/expenses", body, Idempotency_Key="key-1")
    assert (again.status, again.body, again.revision) == (201, first.body, first.revision)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    other = user.book.post("/api/v1/expenses", body | {"amount": "6"}, Idempotency_Key="key-1")
    assert other.status == 422
    assert user.book.post("/api/v1/expenses", body, Idempotency_Key="x" * 101).status == 400
    assert len(user.book.get("/api/v1/expenses").json["items"]) == 1


def test_what_empties_a_field_is_another_request_than_what_leaves_it_alone(user: LedgerUser) -> None:
    expense = user.record(merchant="Rewe")["id"]
    kept = {"update": [{"id": expense, "note": "n"}]}
    emptied = {"update": [{"id": expense, "note": "n", "merchant": None}]}

    assert user.book.post("/api/v1/expenses/batch", kept, Idempotency_Key="k").json["updated"][0]["merchant"] == "Rewe"
    assert user.book.post("/api/v1/expenses/batch", emptied, Idempotency_Key="k").status == 422


@pytest.mark.parametrize(
    "letter", ["\N{LATIN SMALL LIGATURE FFI}", "\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND TONOS}"]
)
def test_the_longest_names_are_kept_whatever_their_letters_become_when_compared(user: LedgerUser, letter: str) -> None:
    sent = {"category": letter * 80, "merchant": letter * 200, "tags": [letter * 40], "note": letter * 2000}

    assert sent.items() <= user.record(**sent).items()  # type: ignore[arg-type]


def test_a_key_sent_by_many_at_once_makes_one_expense(user: LedgerUser) -> None:
    body = {"amount": "5", "category": "Food"}
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(user.book.post, "/api/v1/expenses", body, Idempotency_Key="once") for _ in range(16)]
    answers = [future.result() for future in sent]
    assert {response.status for response in answers} == {201}
    assert len({response.body for response in answers}) == 1
    assert len(user.book.get("/api/v1/expenses").json["items"]) == 1


def test_no_user_sees_anothers_expense(services: LedgerServices, user: LedgerUser) -> None:
    other = services.new_user()
    path = f"/api/v1/expenses/{user.record()['id']}"
    unknown = other.book.get(f"/api/v1/expenses/{uuid4()}")
    assert unknown.status == 404
    for response in (
        other.book.get(path),
        other.book.patch(path, {"amount": "1"}),
        other.book.delete(path),
        other.book.get("/api/v1/expenses/not-an-id"),
        other.book.get(f"{path}?ledger={user.account}"),
        other.book.get(f"/api/v1/expenses?ledger={user.account}"),
        other.book.get("/api/v1/expenses?ledger=nonsense"),
        other.book.post(f"/api/v1/expenses?ledger={user.account}", {"amount": "1", "category": "Food"}),
        other.book.get("/api/v1/nothing"),
    ):
        assert (response.status, response.body) == (404, unknown.body)
    assert other.book.get("/api/v1/expenses").json["items"] == []


def test_without_a_token_there_is_nothing_to_see(user: LedgerUser) -> None:
    user.book.token = None
    for response in (user.book.get("/api/v1/expenses"), user.book.post("/api/v1/expenses", {"amount": 1})):
        assert response.status == 401
        assert response.headers["www-authenticate"] == "Bearer"

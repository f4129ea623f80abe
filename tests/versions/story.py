"""What people do with a stack before its databases are dumped, through the public API that every version has."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from tests.support.client import ApiResponse, Client
from tests.support.waiting import until

T = TypeVar("T")
Json = dict[str, Any]

PASSWORD = "a long walk home"
MERCHANTS = (("Groceries", "Hill Street Market", 31), ("Coffee", "Blue Kettle", 4), ("Transport", "City Transit", 3))
"""Category, merchant, and the amount around which payments are."""
MONTHS = 5
SPELLINGS = (("Men’s wear", "Müller’s"), ("Men's wear", "Müller's"))
"""Categories and merchants that earlier versions tell apart, and that are one name today. The older comes first."""


def drive(base: str) -> Json:
    """Everything that a test of a later version has to know about the data: people, secrets, figures."""
    ada, bob, cyd, dee = (_StoryUser(base, name) for name in ("ada", "bob", "cyd", "dee"))
    told: Json = {"book": _keep_a_book(ada), "shared": _share(ada, bob), "erased": _erase(dee)}
    told["spellings"] = _spell_in_two_ways(bob)
    cyd.record(_payment(dt.date.today(), "Groceries", "Hill Street Market", "12.50"))  # noqa: DTZ011 - any day will do
    cyd.summary(cyd.id)
    told["insights"] = _dismiss(ada)
    ada.call("POST", "/auth/login", {"email": ada.email, "password": PASSWORD})  # a second session
    told["token"] = ada.make_token()
    told["people"] = {user.name: user.facts() for user in (ada, bob, cyd)}
    return told


class _StoryUser:
    """A person with an account, and the tokens of their session."""

    def __init__(self, base: str, name: str) -> None:
        self.name, self._client = name, Client(base)
        self.email = f"{name}@{secrets.token_hex(4)}.example"
        place = {"currency": "EUR", "time_zone": "Europe/Berlin", "locale": "en-GB"}
        body = {"email": self.email, "password": PASSWORD, "name": name} | place
        self.id: str = self._signed_in(self.call("POST", "/auth/register", body))["user"]["id"]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> ApiResponse:
        response = self._client.call(method, f"/api/v1{path}", body, raw=None, **headers)
        if response.status == 401 and b"token-stale" in response.body:  # a role changed; the app refreshes too
            self.refresh()
            response = self._client.call(method, f"/api/v1{path}", body, raw=None, **headers)
        assert response.status < 400, (method, path, response.status, response.body)
        return response

    def refresh(self) -> None:
        self._client.token = None
        name, value = self._cookie
        self._signed_in(self.call("POST", "/auth/refresh", Cookie=f"{name}={value}"))

    def forget(self) -> None:
        """Drops the access token; the refresh cookie stays."""
        self._client.token = None

    def record(self, payment: Json, ledger: str = "", **headers: str) -> ApiResponse:
        return self.call("POST", f"/expenses?ledger={ledger or self.id}", payment, **headers)

    def make_token(self) -> str:
        """An API token; later versions ask for the password again."""
        wanted = {"name": "a program", "scopes": ["read", "write"]}
        made = self._client.call("POST", "/api/v1/auth/tokens", wanted | {"password": PASSWORD}, raw=None)
        token: str = (made if made.status == 201 else self.call("POST", "/auth/tokens", wanted)).json["token"]
        return token

    def summary(self, ledger: str) -> Json:
        """All time at the newest revision, as a later version has to find it."""
        query = f"/summary?ledger={ledger}&from=2020-01-01&to=2030-12-31"
        newest = str(self.call("GET", f"/expenses?ledger={ledger}&limit=1").revision)
        answer: Json = self.call("GET", query, Outlay_Min_Revision=newest).json
        return {"query": query, "answer": answer}

    def facts(self) -> Json:
        return {"id": self.id, "email": self.email, "password": PASSWORD, "refresh": self._cookie[1]}

    def _signed_in(self, response: ApiResponse) -> Json:
        answer: Json = response.json
        self._client.token = answer["access_token"]
        cookies = [line.partition(";")[0] for line in response.headers.getlist("set-cookie")]
        for name, value in (cookie.split("=", 1) for cookie in cookies):
            if "refresh" in name:  # a session that was renewed a moment ago keeps its token
                self._cookie = name, value
        return answer


def _keep_a_book(ada: _StoryUser) -> Json:
    """Records in bulk and one by one, corrects, deletes, undoes, renames; one write is repeated with its key."""
    today = dt.date.today()  # noqa: DTZ011 - any day will do
    created = [
        _payment(today - dt.timedelta(days=day), category, merchant, f"{about + day % 7}.{day % 10}0")
        for category, merchant, about in MERCHANTS
        for day in range(0, 30 * MONTHS, 6)
    ]
    created += [_payment(today - dt.timedelta(days=30 * month), "Rent", "Elm House", "900") for month in range(MONTHS)]
    ada.call("POST", "/expenses/batch", {"create": created})
    keyed = _payment(today, "Gifts", "Paper & Co", "25.00") | {"note": "for Bob's birthday 🎂", "tags": ["family"]}
    first = ada.record(keyed, Idempotency_Key="the-same-again")
    for amount in ("1.11", "2.22"):
        wrong = ada.record(_payment(today, "Coffee", "Blue Kettle", amount)).json
        ada.call("PATCH", f"/expenses/{wrong['id']}", {"amount": "5.55", "note": "corrected"})
    gone = ada.record(_payment(today, "Coffee", "Tin Cup", "9.99")).json
    deleted = ada.call("DELETE", f"/expenses/{gone['id']}")
    ada.call("POST", f"/journal/{deleted.headers['Outlay-Action']}/undo")
    ada.record(_payment(today, "Travel", "Nordic Rail", "1200.00") | {"currency": "SEK"})
    categories = ada.call("GET", "/categories").json["items"]
    gifts = next(category for category in categories if category["name"] == "Gifts")
    ada.call("PATCH", f"/categories/{gifts['id']}", {"name": "Presents", "colour": "plum"})
    expenses = ada.call("GET", "/expenses?limit=500").json["items"]
    return {
        "summary": ada.summary(ada.id),
        "expenses": {expense["id"]: expense["amount"] for expense in expenses},
        "categories": sorted(category["name"] for category in ada.call("GET", "/categories").json["items"]),
        "repeated": {"key": "the-same-again", "body": keyed, "answer": first.json},
        "undo": deleted.headers["Outlay-Action"],
    }


def _share(ada: _StoryUser, bob: _StoryUser) -> Json:
    ledger = ada.call("POST", "/ledgers", {"name": "Household"}).json["id"]
    invitation = ada.call("POST", f"/ledgers/{ledger}/invitations", {"role": "editor"}).json["token"]
    bob.call("POST", "/invitations/accept", {"token": invitation})
    for user in (ada, bob):
        user.refresh()
        user.record(_payment(dt.date.today(), "Groceries", "Harbour Grocer", "33.30"), ledger)  # noqa: DTZ011 - as above
    return {"id": ledger, "summary": bob.summary(ledger)}


def _spell_in_two_ways(bob: _StoryUser) -> Json:
    """Pays one merchant each month under names that look the same, and dismisses that the payments recur."""
    today = dt.date.today()  # noqa: DTZ011 - any day will do
    for (category, merchant), months in zip(SPELLINGS, (range(MONTHS), [MONTHS]), strict=True):
        for month in months:
            bob.record(_payment(today - dt.timedelta(days=30 * month), category, merchant, "40.00"))
    bob.call("POST", "/insights/refresh")
    (recurs,) = [fact for fact in _computed(bob, bool) if fact.startswith("recurring")]
    bob.call("POST", f"/insights/{recurs}/dismiss")
    return {
        "categories": {item["id"]: item["name"] for item in bob.call("GET", "/categories").json["items"]},
        "expenses": {item["id"]: item["category_id"] for item in bob.call("GET", "/expenses").json["items"]},
        "dismissed": recurs,
        "summary": bob.summary(bob.id),
    }


def _erase(dee: _StoryUser) -> Json:
    dee.record(_payment(dt.date.today(), "Coffee", "Blue Kettle", "3.30"))  # noqa: DTZ011 - as above
    dee.summary(dee.id)
    receipt = dee.call("POST", "/auth/erase", {"password": PASSWORD}).json["receipt"]
    dee.forget()
    until(lambda: dee.call("GET", f"/erasures/{receipt}").json["finished_at"], what="the erasure to end", timeout=60)
    return {"id": dee.id, "receipt": receipt, "email": dee.email}


def _dismiss(ada: _StoryUser) -> Json:
    """Insights as they are shown, one of them dismissed."""
    ada.call("POST", "/insights/refresh")
    shown = _computed(ada, bool)
    ada.call("POST", f"/insights/{shown[0]}/dismiss")
    ada.call("POST", "/insights/refresh")
    return {"dismissed": shown[0], "shown": _computed(ada, lambda ids: bool(ids) and shown[0] not in ids)}


def _computed(user: _StoryUser, enough: Callable[[list[str]], bool]) -> list[str]:
    def look() -> list[str]:
        answer = user.call("GET", "/insights").json
        ids = [item["id"] for item in answer["items"]]
        return ids if answer["status"] == "current" and enough(ids) else []

    return until(look, what="insights to be computed", timeout=90)


def _payment(day: dt.date, category: str, merchant: str, amount: str) -> Json:
    return {"amount": amount, "category": category, "merchant": merchant, "spent_on": day.isoformat()}

"""auth was restored from a backup: ledgers that only the book still has are listed, and given to an account."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from chassis.errors import Conflict
from contracts.identity import MAX_LEDGERS
from contracts.ids import LedgerId
from services.auth.adoption.service import LedgerAdoption, UnknownLedger
from services.auth.cli import build
from services.auth.settings import Settings
from services.expenses.ledger import feed
from tests.support.all_services import AllServices, SignedInUser, all_services_on
from tests.support.auth import PASSWORD, SECRET_KEY, concurrently, unused_email
from tests.support.databases import Databases
from tests.support.ledger_member import head_of_identity, identity_changes
from tests.support.redis import RedisServer

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Restoration:
    """After the restore. Ada is in the backup, and what she had made before it; Bob is not."""

    services: AllServices
    ada: SignedInUser
    bob: SignedInUser
    """With his lost account."""
    known: str
    """A ledger of Ada's from before the backup."""
    erased: str
    """A ledger that Ada erased before the backup, and that an older backup of the book brought back."""
    lost: dict[str, str]
    """Ledgers of Ada's from after the backup, by name."""
    listed: list[UnknownLedger]
    """The unknown ledgers right after the restore."""


@contextmanager
def adoption_of(settings: Settings) -> Iterator[LedgerAdoption]:
    parts = build(settings)
    try:
        yield parts.adoption
    finally:
        parts.database.close()


@pytest.fixture(scope="module")
def restored(databases: Databases, shared_redis: RedisServer) -> Iterator[Restoration]:
    auth, book, totals = urls = [databases.fresh() for _ in range(3)]
    with all_services_on(urls, shared_redis.url) as services:
        ada = services.new_user("Ada")
        known, erased = ada.make_ledger("Known"), ada.make_ledger("Erased")
        ada.refresh()
        for ledger in (known, erased):
            ada.spend(ledger)
    old_book = databases.duplicate(book)
    with all_services_on(urls, shared_redis.url) as services:
        answer = services.sign_in_again(ada).request("DELETE", f"/ledgers/{erased}", {"password": PASSWORD})
        services.finished(answer.body["receipt"])
    old_auth = databases.duplicate(auth)
    with all_services_on([auth, old_book, totals], shared_redis.url) as services:
        ada, bob = services.sign_in_again(ada), services.new_user("Bob")
        lost = {name: ada.make_ledger(name) for name in ("Household", "Boat", "Garden", "Club")}
        ada.refresh()
        for ledger in lost.values():
            ada.spend(ledger, "7.00")
        bob.spend(bob.id, "3.00")
        bob.spend(bob.id, "4.00")
    with all_services_on([old_auth, old_book, totals], shared_redis.url) as services:
        with adoption_of(services.auth_settings) as adoption:
            listed = list(adoption.unknown())
        yield Restoration(services, services.sign_in_again(ada), bob, known, erased, lost, listed)
    for url in (*urls, old_book, old_auth):
        databases.drop(url)


@pytest.fixture
def adoption(restored: Restoration) -> Iterator[LedgerAdoption]:
    with adoption_of(restored.services.auth_settings) as adoption:
        yield adoption


def test_the_ledgers_that_only_the_book_has_are_listed(restored: Restoration) -> None:
    ada, bob = restored.ada, restored.bob
    listed = {str(ledger.id): ledger for ledger in restored.listed}
    assert listed.keys() == {*restored.lost.values(), bob.id}
    assert [ledger.id for ledger in restored.listed] == sorted(ledger.id for ledger in restored.listed)
    household, personal = listed[restored.lost["Household"]], listed[bob.id]
    assert (household.entries, household.authors, household.unknown_authors) == (2, [ada.email], 0)
    assert (personal.entries, personal.authors, personal.unknown_authors) == (3, [], 1)


def test_the_book_is_asked_page_by_page(
    restored: Restoration, adoption: LedgerAdoption, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(adoption.unknown())
    monkeypatch.setattr(feed, "HEADS_AT_ONCE", 2)
    assert list(adoption.unknown()) == whole
    assert len(whole) >= 2


def test_an_adopted_ledger_is_the_accounts_own(restored: Restoration, adoption: LedgerAdoption) -> None:
    ada, ledger, key = restored.ada, restored.lost["Household"], restored.services.key("gateway>auth")
    assert ada.book.get(f"/api/v1/expenses?ledger={ledger}").status == 404
    before = head_of_identity(restored.services.auth, key)

    adoption.adopt(LedgerId(UUID(ledger)), ada.email.upper())

    changes = identity_changes(restored.services.auth, before, key)
    assert [(kind, account) for kind, account, _, _ in changes] == [("member", ada.id), ("account", ada.id)]
    assert changes[0][2:] == (None, "owner")
    assert changes[1][3] == changes[1][2] + 1
    assert ada.refresh()[ledger] == "owner"
    assert ada.total(ledger) == "7.00"
    ada.spend(ledger, "5.00")
    assert ada.total(ledger) == "12.00"
    assert ada.members(ledger) == {"Ada": "owner"}
    membership = ada.request("PATCH", f"/ledgers/{ledger}", {"name": "Household"}).body
    settings = ada.book.get(f"/api/v1/ledger?ledger={ledger}").json
    assert {name: membership[name] for name in ("currency", "time_zone", "locale")}.items() <= settings.items()
    assert UUID(ledger) not in {unknown.id for unknown in adoption.unknown()}


def test_the_personal_ledger_of_a_lost_account_becomes_an_ordinary_one(
    restored: Restoration, adoption: LedgerAdoption
) -> None:
    bob = restored.bob
    again = restored.services.new_user("Bob")

    adoption.adopt(LedgerId(UUID(bob.id)), again.email)

    ledgers = {ledger["id"]: ledger for ledger in again.request("GET", "/ledgers").body["items"]}
    assert {id_: ledger["personal"] for id_, ledger in ledgers.items()} == {again.id: True, bob.id: False}
    assert ledgers[bob.id]["name"].startswith("Recovered")
    again.refresh()
    assert (again.total(bob.id), again.total(again.id)) == ("7.00", "0.00")
    gone = again.request("DELETE", f"/ledgers/{bob.id}", {"password": PASSWORD})
    assert gone.status == 202
    restored.services.finished(gone.body["receipt"])
    assert UUID(bob.id) not in {unknown.id for unknown in adoption.unknown()}
    with pytest.raises(Conflict, match="was erased"):
        adoption.adopt(LedgerId(UUID(bob.id)), again.email)


def refusals(restored: Restoration) -> Sequence[tuple[str, str, str]]:
    """Ledger, address, and a word of the reason."""
    ada, club = restored.ada, restored.lost["Club"]
    full = restored.services.new_user("Full")
    for number in range(MAX_LEDGERS - 1):
        full.make_ledger(f"Number {number}")
    return [
        (str(uuid4()), ada.email, "The book has no ledger"),
        (restored.known, ada.email, "has an owner already"),
        (ada.id, ada.email, "has an owner already"),
        (restored.erased, ada.email, "was erased"),
        (club, unused_email(), "There is no account"),
        (club, restored.bob.email, "There is no account"),
        (club, "nonsense", "write an email address"),
        (club, full.email, f"in {MAX_LEDGERS} ledgers already"),
    ]


def test_what_cannot_be_adopted_is_refused_with_the_reason(restored: Restoration, adoption: LedgerAdoption) -> None:
    key = restored.services.key("gateway>auth")
    refused = refusals(restored)
    before = head_of_identity(restored.services.auth, key)

    for ledger, email, reason in refused:
        with pytest.raises(Conflict, match=reason):
            adoption.adopt(LedgerId(UUID(ledger)), email)

    assert head_of_identity(restored.services.auth, key) == before
    assert UUID(restored.lost["Club"]) in {unknown.id for unknown in adoption.unknown()}


def test_of_two_at_once_one_becomes_the_owner(restored: Restoration) -> None:
    ledger, people = restored.lost["Garden"], [restored.services.new_user(name) for name in ("Cleo", "Dora", "Edda")]

    def adopt(email: str) -> str:
        with adoption_of(restored.services.auth_settings) as adoption:
            try:
                adoption.adopt(LedgerId(UUID(ledger)), email)
            except Conflict as error:
                return error.detail
            return ""

    reasons = concurrently(*(partial(adopt, user.email) for user in people))

    assert reasons.count("") == 1
    assert sum("has an owner already" in reason for reason in reasons) == 2
    assert [ledger in user.refresh() for user in people] == [not reason for reason in reasons]


def outlay_auth(settings: Settings, *words: str, code: int = 0, **different: str) -> list[str]:
    """The lines that the operator's command writes."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "OUTLAY_PUBLIC_URL": settings.outlay_public_url,
        "OUTLAY_SECRET_KEY": SECRET_KEY,
        "EXPENSES_URL": settings.expenses_url,
        "INSIGHTS_URL": settings.insights_url,
        "SERVICE_KEYS": json.dumps({pair: key.get_secret_value() for pair, key in settings.service_keys.items()}),
    }
    command = [sys.executable, "-m", "services.auth.cli", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment | different, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code, done.stderr
    return (done.stderr if code else done.stdout).splitlines()


def test_the_command_lists_and_adopts(restored: Restoration) -> None:
    settings, ada, boat = restored.services.auth_settings, restored.ada, restored.lost["Boat"]
    listed = outlay_auth(settings, "unknown-ledgers")
    adopted = outlay_auth(settings, "adopt", boat, ada.email)
    again = outlay_auth(settings, "adopt", boat, ada.email, code=1)

    line = next(line for line in listed if line.startswith(boat))
    assert line.endswith(f"entries: 2  written by: {ada.email}")
    assert listed[-1].endswith("outlay auth adopt LEDGER EMAIL")
    assert len(adopted) == len(again) == 1
    assert ada.refresh()[boat] == "owner"
    assert not any(line.startswith(boat) for line in outlay_auth(settings, "unknown-ledgers"))


CANNOT_ASK = {
    "The expenses service is unavailable. Is it running?": {"EXPENSES_URL": "http://127.0.0.1:1"},
    "SERVICE_KEYS has no key auth>expenses. Run this with the environment of the service.": {"SERVICE_KEYS": "{}"},
}


@pytest.mark.parametrize("message", CANNOT_ASK, ids=["expenses is away", "no key"])
@pytest.mark.parametrize("command", ["unknown-ledgers", f"adopt {UUID(int=1)} {{}}"], ids=["list", "adopt"])
def test_the_command_says_why_expenses_cannot_be_asked(restored: Restoration, command: str, message: str) -> None:
    words = command.format(restored.ada.email).split()
    assert outlay_auth(restored.services.auth_settings, *words, code=1, **CANNOT_ASK[message]) == [message]

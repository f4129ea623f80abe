"""The way into the ledger of another user: a link that is good once, for a week."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from services.auth.cli import build
from services.auth.identity.tables import LedgerInvitationRow
from services.auth.maintenance import PruneExpiredRows
from services.auth.settings import Settings
from tests.support.auth import Auth, MovableClock, concurrently
from tests.support.clock import steady
from tests.support.ledger_member import LedgerMember, head_of_identity


@pytest.fixture(autouse=True)
def _on_time(clock: MovableClock) -> Iterator[None]:
    yield
    clock.back()


@pytest.fixture
def ada(auth: Auth) -> LedgerMember:
    return LedgerMember(auth, "Ada")


@pytest.fixture
def bob(auth: Auth) -> LedgerMember:
    return LedgerMember(auth, "Bob")


@pytest.fixture
def eve(auth: Auth) -> LedgerMember:
    return LedgerMember(auth, "Eve")


def test_a_link_shows_where_it_leads_and_lets_in(ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    made = ada.request("POST", f"/ledgers/{ledger}/invitations", {"role": "viewer"}).body
    assert made["link"] == f"http://localhost:8000/invitation#{made['token']}"

    shown = bob.request("POST", "/invitations/preview", {"token": made["token"]}).body
    assert (shown["ledger"], shown["role"], shown["invited_by"], shown["member"]) == (
        *("Household", "viewer", "Ada"),
        False,
    )
    joined = bob.accept(made["token"])

    assert (joined.status, joined.body["id"], joined.body["role"]) == (200, ledger, "viewer")
    assert bob.refresh()[ledger] == "viewer"
    assert ada.request("GET", f"/ledgers/{ledger}/invitations").body["items"] == []


def test_a_link_lets_one_person_in(ada: LedgerMember, bob: LedgerMember, eve: LedgerMember) -> None:
    ledger = ada.make_ledger()
    token = ada.invite(ledger)
    answers = concurrently(*(lambda one=one: one.accept(token).status for one in (bob, eve)))
    assert sorted(answers) == [200, 409]
    assert len(ada.members(ledger)) == 2


def test_accepting_twice_changes_nothing(auth: Auth, ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    token = ada.invite(ledger, "viewer")
    first = bob.accept(token)
    before = head_of_identity(auth)
    second = bob.accept(token)
    assert (second.status, second.body) == (200, first.body)
    assert head_of_identity(auth) == before


def test_a_removed_member_does_not_come_back_by_the_old_link(ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    token = ada.invite(ledger)
    bob.accept(token)
    ada.request("DELETE", f"/ledgers/{ledger}/members/{bob.id}")
    assert bob.accept(token).status == 409
    assert ada.members(ledger) == {"Ada": "owner"}


def test_a_member_stays_what_they_are_and_leaves_the_link(
    ada: LedgerMember, bob: LedgerMember, eve: LedgerMember
) -> None:
    ledger = ada.make_ledger()
    token = ada.invite(ledger, "viewer")
    assert ada.request("POST", "/invitations/preview", {"token": token}).body["member"]
    assert (ada.accept(token).body["role"], eve.accept(token).status) == ("owner", 200)
    ada.share(ledger, bob, "editor")
    assert bob.accept(ada.invite(ledger, "viewer")).body["role"] == "editor"


def test_an_invitation_for_an_address_is_for_that_account_alone(
    ada: LedgerMember, bob: LedgerMember, eve: LedgerMember
) -> None:
    ledger = ada.make_ledger()
    token = ada.invite(ledger, email=bob.email.upper())
    refused = eve.accept(token)
    assert (refused.status, "another email address" in refused.body["detail"]) == (403, True)
    assert eve.request("POST", "/invitations/preview", {"token": token}).status == 403
    assert bob.accept(token).status == 200


def test_an_invitation_is_good_for_a_week(
    clock: MovableClock, ada: LedgerMember, bob: LedgerMember, eve: LedgerMember
) -> None:
    ledger = ada.make_ledger()
    early, late = ada.invite(ledger), ada.invite(ledger)
    clock.forward(days=7, minutes=-5)
    assert bob.accept(early).status == 200
    clock.forward(minutes=6)
    assert (eve.accept(late).status, eve.accept("nonsense").status) == (404, 404)
    assert ada.request("GET", f"/ledgers/{ledger}/invitations").body["items"] == []


def test_what_has_expired_is_forgotten_and_for_whom_it_was(
    told: Settings, clock: MovableClock, ada: LedgerMember, eve: LedgerMember
) -> None:
    ada.invite(ada.make_ledger(), email=eve.email)
    parts = build(told, clock)
    clock.forward(days=7)

    PruneExpiredRows(parts.database, [parts.registration], steady())()

    with parts.database.snapshot() as session:
        assert not session.scalar(sa.select(sa.func.count()).select_from(LedgerInvitationRow))
    parts.database.close()


def test_a_withdrawn_invitation_is_worth_nothing(ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    token = ada.invite(ledger)
    [item] = ada.request("GET", f"/ledgers/{ledger}/invitations").body["items"]
    assert set(item) == {"id", "role", "email", "created_at", "expires_at"}, "the token is shown once"
    assert ada.request("DELETE", f"/ledgers/{ledger}/invitations/{item['id']}").status == 204
    assert bob.accept(token).status == 404
    assert ada.request("DELETE", f"/ledgers/{ledger}/invitations/{item['id']}").status == 404


def test_the_links_of_a_former_owner_are_no_way_back(ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    kept = ada.invite(ledger)
    ada.request("POST", f"/ledgers/{ledger}/hand-over", {"account": bob.id})
    bob.request("DELETE", f"/ledgers/{ledger}/members/{ada.id}")
    assert ada.accept(kept).status == 404
    assert bob.members(ledger) == {"Bob": "owner"}


def test_owners_invite_and_no_other_members(ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    assert bob.request("POST", f"/ledgers/{ledger}/invitations", {"role": "viewer"}).status == 403
    assert bob.request("GET", f"/ledgers/{ledger}/invitations").status == 403
    assert ada.request("POST", f"/ledgers/{ledger}/invitations", {"role": "owner"}).status == 422


def test_fifty_open_invitations_are_enough(ada: LedgerMember) -> None:
    ledger = ada.make_ledger()
    for _ in range(49):
        ada.invite(ledger)

    path, body = f"/ledgers/{ledger}/invitations", {"role": "viewer"}
    assert sorted(concurrently(*[lambda: ada.request("POST", path, body).status] * 6)) == [201, *[409] * 5]

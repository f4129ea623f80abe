"""Ledgers that several people keep: who is in them, and as what."""

import pytest

from tests.support.auth import PASSWORD, Auth, concurrently
from tests.support.ledger_member import LedgerMember, head_of_identity, identity_changes


@pytest.fixture
def ada(auth: Auth) -> LedgerMember:
    return LedgerMember(auth, "Ada")


@pytest.fixture
def bob(auth: Auth) -> LedgerMember:
    return LedgerMember(auth, "Bob")


@pytest.fixture
def eve(auth: Auth) -> LedgerMember:
    return LedgerMember(auth, "Eve")


def test_a_new_ledger_is_as_the_personal_one_unless_told_otherwise(ada: LedgerMember) -> None:
    plain = ada.request("POST", "/ledgers", {"name": " Household "}).body
    other = ada.request("POST", "/ledgers", {"name": "Japan", "currency": "JPY", "time_zone": "Asia/Tokyo"}).body

    assert (plain["name"], plain["role"], plain["currency"], plain["personal"]) == ("Household", "owner", "EUR", False)
    assert (other["currency"], other["time_zone"], other["locale"]) == ("JPY", "Asia/Tokyo", plain["locale"])
    assert [item["name"] for item in ada.request("GET", "/ledgers").body["items"]] == ["Personal", "Household", "Japan"]


def test_roles_travel_in_the_token_and_old_tokens_are_called_stale(auth: Auth, ada: LedgerMember) -> None:
    before = head_of_identity(auth)
    ledger = ada.make_ledger()
    assert identity_changes(auth, before) == [("member", ada.id, None, "owner"), ("account", ada.id, 0, 1)]
    assert ada.refresh() == {ada.id: "owner", ledger: "owner"}


def test_a_ledger_can_be_renamed_by_its_owner(ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    assert ada.request("PATCH", f"/ledgers/{ledger}", {"name": "Home"}).body["name"] == "Home"
    assert ada.request("PATCH", f"/ledgers/{ada.id}", {"name": "Mine"}).body["name"] == "Mine"
    assert bob.request("PATCH", f"/ledgers/{ledger}", {"name": "Bob's"}).status == 403
    assert {item["name"] for item in bob.request("GET", "/ledgers").body["items"]} == {"Personal", "Home"}


def test_everybody_in_a_ledger_sees_who_is_in_it(ada: LedgerMember, bob: LedgerMember, eve: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob, "viewer")
    assert ada.members(ledger) == bob.members(ledger) == {"Ada": "owner", "Bob": "viewer"}
    assert eve.request("GET", f"/ledgers/{ledger}/members").status == 404


def test_the_owner_changes_roles(auth: Auth, ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob, "viewer")
    before = head_of_identity(auth)

    changed = ada.request("PATCH", f"/ledgers/{ledger}/members/{bob.id}", {"role": "editor"})

    assert (changed.status, changed.body["role"]) == (200, "editor")
    assert identity_changes(auth, before) == [("member", bob.id, "viewer", "editor"), ("account", bob.id, 1, 2)]
    assert bob.refresh()[ledger] == "editor"
    assert bob.request("PATCH", f"/ledgers/{ledger}/members/{bob.id}", {"role": "owner"}).status == 403


def test_a_role_that_is_the_same_changes_nothing(auth: Auth, ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob, "viewer")
    before = head_of_identity(auth)
    assert ada.request("PATCH", f"/ledgers/{ledger}/members/{bob.id}", {"role": "viewer"}).status == 200
    assert head_of_identity(auth) == before


def test_a_removed_member_is_out_at_once(auth: Auth, ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    before = head_of_identity(auth)

    assert ada.request("DELETE", f"/ledgers/{ledger}/members/{bob.id}").status == 204

    assert identity_changes(auth, before) == [("member", bob.id, "editor", None), ("account", bob.id, 1, 2)]
    assert bob.request("GET", f"/ledgers/{ledger}/members").status == 404, "auth does not wait for the token to run out"
    assert bob.refresh() == {bob.id: "owner"}
    assert ada.request("DELETE", f"/ledgers/{ledger}/members/{bob.id}").status == 404


def test_members_leave_and_remove_no_other_member(ada: LedgerMember, bob: LedgerMember, eve: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    ada.share(ledger, eve, "viewer")
    assert bob.request("DELETE", f"/ledgers/{ledger}/members/{eve.id}").status == 403
    assert eve.request("DELETE", f"/ledgers/{ledger}/members/{eve.id}").status == 204
    assert ada.members(ledger) == {"Ada": "owner", "Bob": "editor"}


def test_the_only_owner_hands_over_before_leaving(ada: LedgerMember, bob: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    own = f"/ledgers/{ledger}/members/{ada.id}"
    refused = [ada.request("DELETE", own), ada.request("PATCH", own, {"role": "editor"})]
    assert [answer.status for answer in refused] == [409, 409]
    assert "Hand over first" in refused[0].body["detail"]

    handed = ada.request("POST", f"/ledgers/{ledger}/hand-over", {"account": bob.id})

    assert {item["name"]: item["role"] for item in handed.body["items"]} == {"Bob": "owner", "Ada": "editor"}
    assert ada.request("DELETE", own).status == 204
    assert bob.members(ledger) == {"Bob": "owner"}
    alone = bob.request("DELETE", f"/ledgers/{ledger}/members/{bob.id}")
    assert (alone.status, "Delete it" in alone.body["detail"]) == (409, True)


def test_one_hands_over_to_another_member_only(ada: LedgerMember, bob: LedgerMember, eve: LedgerMember) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    for account in (ada.id, eve.id):
        refused = ada.request("POST", f"/ledgers/{ledger}/hand-over", {"account": account})
        assert (refused.status, refused.bad_fields) == (422, {"/account"})
    assert bob.request("POST", f"/ledgers/{ledger}/hand-over", {"account": bob.id}).status == 403


def test_two_owners_who_leave_at_once_do_not_both_get_out(
    ada: LedgerMember, bob: LedgerMember, eve: LedgerMember
) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    ada.share(ledger, eve)
    ada.request("PATCH", f"/ledgers/{ledger}/members/{bob.id}", {"role": "owner"})

    answers = concurrently(
        *(lambda one=one: one.request("DELETE", f"/ledgers/{ledger}/members/{one.id}").status for one in (ada, bob))
    )

    assert sorted(answers) == [204, 409]
    assert sorted(eve.members(ledger).values()) == ["editor", "owner"]


def test_no_user_is_in_more_than_32_ledgers(ada: LedgerMember, bob: LedgerMember) -> None:
    shared = ada.make_ledger()
    assert {bob.request("POST", "/ledgers", {"name": f"{n}"}).status for n in range(31)} == {201}
    full = bob.request("POST", "/ledgers", {"name": "one more"}), bob.accept(ada.invite(shared))
    assert [(answer.status, "32 ledgers" in answer.body["detail"]) for answer in full] == [(409, True)] * 2
    assert len(bob.refresh()) == 32


def test_a_personal_ledger_is_never_shared(ada: LedgerMember) -> None:
    refused = ada.request("POST", f"/ledgers/{ada.id}/invitations", {"role": "viewer"})
    assert (refused.status, "yours alone" in refused.body["detail"]) == (409, True)
    assert ada.request("DELETE", f"/ledgers/{ada.id}/members/{ada.id}").status == 409
    assert ada.request("DELETE", f"/ledgers/{ada.id}", {"password": PASSWORD}).status == 409

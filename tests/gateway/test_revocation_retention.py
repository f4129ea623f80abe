"""The gateway forgets who was refused once no living token can be about them, and no sooner."""

from typing import Any
from uuid import uuid4

import pytest

from chassis.process.clock import CLOCK_DIFFERENCE
from chassis.security.access_tokens import LEEWAY
from contracts.ids import UserId
from gateway.authentication.revocations import RETENTION, IdentityPosition, IdentityRecord
from gateway.authentication.sessions import VerifiedToken
from services.auth.settings import ACCESS_TOKEN_LIFETIME
from tests.support.identity_feed import IdentityFeed, epoch_raised, session_ended


def verified(account: UserId, **claims: Any) -> VerifiedToken:
    return VerifiedToken(
        claims=None,  # type: ignore[arg-type]  # they are not read here
        caller="",
        ledger=str(account),
        readable=frozenset(),
        session=str(claims.get("session", uuid4())),
        account=str(account),
        epoch=claims.get("epoch", 0),
        entry=claims.get("entry"),
        generation=None,
    )


def test_what_no_living_token_can_be_about_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("gateway.authentication.revocations.time.monotonic", lambda: now)
    feed, record, account, session = IdentityFeed(), IdentityRecord(IdentityPosition(0, None)), UserId(uuid4()), uuid4()
    ended, stale = verified(account, session=session, epoch=3), verified(account, epoch=1)
    feed.append(session_ended(session, account))
    feed.append(epoch_raised(account, 2))
    assert record.apply(feed.entries)
    now += RETENTION - 1
    assert record.apply([feed.append(epoch_raised(account, 3))])

    record.prune()
    assert record.refusal_of(ended)
    assert record.refusal_of(stale)
    now += 1
    record.prune()
    assert not record.refusal_of(ended)
    assert record.refusal_of(stale), "its epoch was raised again since"
    now += RETENTION
    record.prune()
    assert (record._ended, record._epochs, len(record._expiries)) == ({}, {}, 0)


def test_nothing_is_forgotten_while_a_token_may_live() -> None:
    assert (ACCESS_TOKEN_LIFETIME + CLOCK_DIFFERENCE).total_seconds() + LEEWAY < RETENTION

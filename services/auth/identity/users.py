"""A user: the account with its ledgers and roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy.orm import Session

from contracts.days import WeekStart
from contracts.identity import MAX_LEDGERS, Role
from contracts.ids import LedgerId, UserId
from services.auth.errors import EmailTaken
from services.auth.identity import repository
from services.auth.identity.email_addresses import email_key
from services.auth.identity.locale_preferences import (
    DEFAULT_LOCALE,
    DEFAULT_TIME_ZONE,
    closest_locale,
    currency_of,
    week_start_of,
)
from services.auth.identity.schemas import Membership, Registration, User
from services.auth.identity.tables import AccountRow, LedgerRow, MemberRow

PERSONAL_LEDGER = "Personal"
"""Stored name until the owner chooses another. The web app shows it in the user's language."""


@dataclass(frozen=True)
class UserAccount:
    """An account with its ledgers, at most as many as fit into an access token."""

    account: AccountRow
    ledgers: Sequence[tuple[LedgerRow, Role]]
    entry: UUID | None
    """The newest entry of the identity journal when this was read."""

    def to_user(self) -> User:
        """Returns the user for the API."""
        ledgers = [
            Membership(
                id=row.id,
                name=row.name,
                role=role,
                currency=row.currency,
                time_zone=row.time_zone,
                locale=row.locale,
                personal=row.id == self.account.id,
            )
            for row, role in self.ledgers
        ]
        account = self.account
        return User(
            id=account.id,
            email=account.email,
            name=account.name,
            email_verified=account.email_verified,
            pending_email=account.pending_email,
            admin=account.admin,
            week_start=self.week_start,
            ledgers=ledgers,
        )

    @property
    def week_start(self) -> WeekStart:
        """The first day of the user's week."""
        if self.account.week_start:
            return WeekStart(self.account.week_start)
        own = (row.locale for row, _ in self.ledgers if row.id == self.account.id)
        return week_start_of(next(own, DEFAULT_LOCALE))


def find_user(session: Session, account: UserId) -> UserAccount | None:
    """Returns the user with this account id."""
    row = repository.account(session, account)
    if row is None:
        return None
    ledgers = [(ledger, member.role) for ledger, member in repository.memberships(session, account, MAX_LEDGERS)]
    return UserAccount(row, ledgers, repository.newest_identity_entry(session))


def add_user(session: Session, registration: Registration, password_hash: str, now: datetime, *, admin: bool) -> UserId:
    """Creates an account with its personal ledger, which has the account's id. Raises EmailTaken."""
    account = AccountRow(
        id=UserId(uuids.uuid7()),
        email=registration.email,
        email_key=email_key(registration.email),
        name=registration.name,
        email_verified=False,
        pending_email=None,
        password_hash=password_hash,
        epoch=0,
        admin=admin,
        created_at=now,
    )
    if not repository.add_account(session, account):
        raise EmailTaken
    locale = registration.locale or DEFAULT_LOCALE
    ledger = LedgerRow(
        id=LedgerId(account.id),
        name=PERSONAL_LEDGER,
        currency=registration.currency or currency_of(locale),
        time_zone=registration.time_zone or DEFAULT_TIME_ZONE,
        locale=closest_locale(locale),
        created_at=now,
    )
    repository.add_ledger(session, ledger, MemberRow(ledger=ledger.id, account=account.id, role=Role.OWNER))
    return account.id

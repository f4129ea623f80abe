"""Invitations into a ledger: a link that works once, for a week, for anyone with the link or for one email address."""

from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.process.clock import Clock, remaining
from contracts.identity import Claims, Permission
from contracts.ids import LedgerId, UserId
from services.auth.errors import EmailUnverified
from services.auth.identity import repository as auth_repository
from services.auth.identity.email_addresses import email_key
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.schemas import Membership
from services.auth.identity.tables import AccountRow, LedgerInvitationRow
from services.auth.invitations.links import InvitationLinks
from services.auth.ledgers import repository as ledger_repository
from services.auth.ledgers import roles
from services.auth.ledgers.schemas import (
    Invitation,
    InvitationIn,
    InvitationList,
    InvitationPreview,
    NewInvitation,
)
from services.auth.random_tokens import hash_of, new_secret
from services.auth.sessions.current_user import AuthenticatedUser, UserAuthenticator
from services.auth.settings import INVITATION_LIFETIME

MAX_OPEN_INVITATIONS = 50
"""Limit of open invitations of one ledger."""


class LedgerInvitationService:
    """The use cases of ledger invitations."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        authenticator: UserAuthenticator,
        clock: Clock,
        links: InvitationLinks,
    ) -> None:
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._clock = clock
        self._links = links

    def invite(self, claims: Claims, ledger: LedgerId, request: InvitationIn) -> NewInvitation:
        """Creates an invitation, and emails it if a mail server is configured and an address is given.

        Raises NotFound, Forbidden, Conflict, TooManyRequests after too many emails to that address; without a mail
        server Invalid for an address without an account, since its owner cannot be verified.
        """
        token, now = new_secret(), self._clock()
        row = LedgerInvitationRow(
            id=uuids.uuid7(),
            ledger=ledger,
            token_hash=hash_of(token),
            role=request.role,
            email=request.email,
            invited_by=claims.sub,
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
        # Under the journal's lock, so that a user who has just lost the owner's role leaves no link behind.
        with self._journal.unit_of_work("invite", claims.sub) as uow:
            self._authenticator.authenticate(uow.session, claims).require(Permission.MANAGE, ledger)
            row.for_account = self._account_of(uow.session, request.email)
            if ledger == claims.personal_ledger:
                raise Conflict("Your personal ledger is yours alone. Make a ledger to share.")
            if (
                len(ledger_repository.open_invitations(uow.session, ledger, now, INVITATION_LIFETIME))
                >= MAX_OPEN_INVITATIONS
            ):
                raise Conflict(f"There are {MAX_OPEN_INVITATIONS} open invitations already. Withdraw one first.")
            ledger_repository.add_invitation(uow.session, row)
            self._links.count(uow.session, request.email)
        link = self._links.send(token, request.email)
        return NewInvitation(**_to_invitation(row).model_dump(), token=token, link=link)

    def invitations(self, claims: Claims, ledger: LedgerId) -> InvitationList:
        """Returns the open invitations. Raises NotFound, Forbidden."""
        with self._database.snapshot() as session:
            self._authenticator.authenticate(session, claims).require(Permission.MANAGE, ledger)
            rows = ledger_repository.open_invitations(session, ledger, self._clock(), INVITATION_LIFETIME)
        return InvitationList(items=[_to_invitation(row) for row in rows])

    def withdraw(self, claims: Claims, ledger: LedgerId, id_: UUID) -> None:
        """Deletes an invitation. Raises NotFound, Forbidden."""
        with self._database.write() as session:
            self._authenticator.authenticate(session, claims).require(Permission.MANAGE, ledger)
            if not ledger_repository.delete_invitation(session, ledger, id_):
                raise NotFound

    def preview(self, claims: Claims, token: str) -> InvitationPreview:
        """Describes an invitation. Raises NotFound, Conflict for a used link, Forbidden for another address."""
        with self._database.snapshot() as session:
            current = self._authenticator.authenticate(session, claims)
            row = self._open_invitation(session, current, token)
            ledger, inviter = (
                auth_repository.ledger(session, row.ledger),
                auth_repository.account(session, row.invited_by),
            )
        assert ledger is not None  # noqa: S101 - an invitation is deleted with its ledger and with its author
        assert inviter is not None  # noqa: S101 - as above
        return InvitationPreview.model_validate(
            {
                "ledger": ledger.name,
                "role": row.role,
                "invited_by": _name(inviter),
                "expires_at": row.expires_at,
                "member": row.ledger in current.claims.ledgers,
            }
        )

    def accept(self, claims: Claims, token: str) -> Membership:
        """Adds the user to the ledger. For a member nothing changes. Raises like `preview`, and TooManyLedgers."""
        with self._journal.unit_of_work("accept_invitation", claims.sub) as uow:
            current = self._authenticator.authenticate(uow.session, claims)
            row = self._open_invitation(uow.session, current, token)
            if row.ledger not in current.claims.ledgers:
                roles.require_room(uow, claims.sub)
                ledger_repository.note_accepted(uow.session, row.id, claims.sub)
                roles.set_role(uow, row.ledger, claims.sub, row.role)
                uow.session.expire_all()
                current = self._authenticator.authenticate(uow.session, claims)
            return next(ledger for ledger in current.user.to_user().ledgers if ledger.id == row.ledger)

    def _account_of(self, session: Session, email: str | None) -> UserId | None:
        """Returns the account with this address. Raises Invalid if there is none and the address cannot be verified."""
        if email is None:
            return None
        account = auth_repository.account_by_email(session, email_key(email))
        if account is None and not self._links.sends_mail:
            raise Invalid.field(
                "/email",
                "no account has this address, and without a mail server it cannot be verified; leave it out: "
                "anyone with the link can use it, once",
            )
        return account.id if account else None

    def _require_addressee(self, row: LedgerInvitationRow, email: str, account: AccountRow) -> None:
        """Raises Forbidden for another address, or EmailUnverified if the account has not verified the address."""
        has_address = email_key(email) == account.email_key
        is_theirs = has_address if self._links.sends_mail else row.for_account == account.id
        if not is_theirs:
            raise Forbidden("This invitation is for another email address. Sign in with that one.")
        if self._links.sends_mail and not account.email_verified:
            raise EmailUnverified

    def _open_invitation(self, session: Session, current: AuthenticatedUser, token: str) -> LedgerInvitationRow:
        row = ledger_repository.invitation_by_hash(session, hash_of(token))
        if row is None or not remaining(row.expires_at, self._clock(), INVITATION_LIFETIME):
            raise NotFound
        if row.email:
            self._require_addressee(row, row.email, current.user.account)
        again = row.accepted_by == current.user.account.id and row.ledger in current.claims.ledgers
        if row.accepted_by is not None and not again:
            raise Conflict("This invitation was used already. Ask for another one.")
        return row


def _name(account: AccountRow) -> str:
    return account.name or account.email


def _to_invitation(row: LedgerInvitationRow) -> Invitation:
    return Invitation.model_validate(row, from_attributes=True)

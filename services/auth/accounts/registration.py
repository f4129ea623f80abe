"""Registration: open or by invitation, to the installation or into a ledger."""

from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Forbidden, NotFound
from chassis.process.clock import Clock
from contracts.identity import Claims
from contracts.ids import UserId
from services.auth.accounts import registration_repository
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.registration_policy import RegistrationPolicy
from services.auth.accounts.schemas import (
    NewRegistrationInvitation,
    Options,
    RegistrationInvitation,
    RegistrationInvitationList,
    RegistrationInvitationRequest,
)
from services.auth.errors import InvitationNeeded
from services.auth.identity import repository as auth_repository
from services.auth.identity import users
from services.auth.identity.email_addresses import email_key, read_email
from services.auth.identity.journal import IdentityUnitOfWork
from services.auth.identity.schemas import Registration
from services.auth.identity.tables import LedgerInvitationRow, RegistrationInvitationRow
from services.auth.ledgers import repository as ledger_repository
from services.auth.ledgers import roles
from services.auth.mail import messages as mail_messages
from services.auth.one_time_links import OneTimeLinks
from services.auth.random_tokens import hash_of, new_secret
from services.auth.sessions.sessions import Sessions
from services.auth.settings import INVITATION_LIFETIME
from services.auth.throttling.client_info import ClientInfo


class Registrations:
    """Applies the registration policy, and manages invitations to the installation."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        links: OneTimeLinks,
        verification: EmailVerification,
        policy: RegistrationPolicy,
        clock: Clock,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._links = links
        self._verification = verification
        self._policy = policy
        self._clock = clock

    def options(self) -> Options:
        """Returns the settings that the sign-in page needs."""
        with self._database.snapshot() as session:
            first, administrator = (
                not auth_repository.has_accounts(session),
                auth_repository.has_administrators(session),
            )
        mode, mail = self._policy.mode, self._verification.is_enabled
        return Options(registration=mode, mail=mail, first=first, administrator=administrator)

    def check(self, session: Session, request: Registration, client: ClientInfo) -> None:
        """Checks the invitation before the password is hashed. Raises InvitationNeeded."""
        if not self._policy.needs_invitation(session, request, client):
            return
        valid = hash_of(request.invitation or ""), self._clock(), INVITATION_LIFETIME
        if not (
            registration_repository.is_invited(session, *valid) or ledger_repository.open_invitation(session, *valid)
        ):
            raise InvitationNeeded

    def register(
        self, uow: IdentityUnitOfWork, request: Registration, client: ClientInfo, password_hash: str
    ) -> UserId:
        """Creates the account. Raises InvitationNeeded, EmailTaken."""
        session, now = uow.session, self._clock()
        needs_invitation = self._policy.needs_invitation(session, request, client)
        admin = self._policy.makes_administrator(session, request, client)
        invitation = self._use_invitation(session, request, now) if needs_invitation else None
        account_id = users.add_user(session, request, password_hash, now, admin=admin)
        if invitation is not None and invitation.email is None:
            # The link works once, so registering with an open ledger invitation also accepts it. An invitation for an
            # email address is accepted later, once that address is verified.
            ledger_repository.note_accepted(session, invitation.id, account_id)
            roles.set_role(uow, invitation.ledger, account_id, invitation.role)
        return account_id

    def welcome(self, account: UserId) -> None:
        """Sends the emails of a new account. Called after the commit."""
        self._verification.begin(account)

    def invite(self, claims: Claims, request: RegistrationInvitationRequest) -> NewRegistrationInvitation:
        """Creates an invitation of an administrator, and sends it if mail is configured. Raises Forbidden."""
        with self._database.write() as session:
            self._require_admin(session, claims)
            invitation = self._create_invitation(session, request.email)
        if request.email is not None:
            self._verification.notify(request.email, lambda to: mail_messages.invitation(to, invitation.link))
        return invitation

    def invite_by_operator(self) -> NewRegistrationInvitation:
        """Creates an invitation for an operator, who passes the link on."""
        with self._database.write() as session:
            return self._create_invitation(session, None)

    def invitations(self, claims: Claims) -> RegistrationInvitationList:
        """Lists the invitations that can still be used, newest first. Raises Forbidden."""
        with self._database.snapshot() as session:
            self._require_admin(session, claims)
            rows = registration_repository.invitations(session, self._clock(), INVITATION_LIFETIME)
        return RegistrationInvitationList(
            items=[RegistrationInvitation.model_validate(row, from_attributes=True) for row in rows]
        )

    def withdraw(self, claims: Claims, id_: UUID) -> None:
        """Deletes an invitation. Raises Forbidden, NotFound."""
        with self._database.write() as session:
            self._require_admin(session, claims)
            if not registration_repository.delete_invitation(session, id_):
                raise NotFound

    def prune(self, session: Session) -> None:
        """Deletes expired invitations, to the installation and into ledgers, with their email addresses."""
        registration_repository.delete_old_invitations(session, self._clock(), INVITATION_LIFETIME)
        ledger_repository.delete_expired_invitations(session, self._clock(), INVITATION_LIFETIME)

    def _use_invitation(self, session: Session, request: Registration, now: datetime) -> LedgerInvitationRow | None:
        """Uses up an invitation, and returns it if it leads into a ledger. Raises InvitationNeeded."""
        token = hash_of(request.invitation or "")
        if registration_repository.use_invitation(session, token, now, INVITATION_LIFETIME):
            return None
        invitation = ledger_repository.open_invitation(session, token, now, INVITATION_LIFETIME)
        if invitation is None or (invitation.email and not self._is_addressee(invitation.email, request.email)):
            raise InvitationNeeded
        return invitation

    def _is_addressee(self, invited: str, email: str) -> bool:
        """Whether the invitation is for this address. Without a mail server a new account cannot prove its address."""
        return self._verification.is_enabled and email_key(invited) == email_key(email)

    def _create_invitation(self, session: Session, email: str | None) -> NewRegistrationInvitation:
        now, token = self._clock(), new_secret()
        row = RegistrationInvitationRow(
            id=uuids.uuid7(),
            token_hash=hash_of(token),
            email=email,
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
        registration_repository.add_invitation(session, row)
        invitation = RegistrationInvitation.model_validate(row, from_attributes=True)
        return NewRegistrationInvitation(**invitation.model_dump(), link=self._links.invitation(token))

    def make_admin(self, email: str) -> bool:
        """Makes the account an administrator; returns False for an unknown address. Raises ValueError."""
        key = email_key(read_email(email))
        with self._database.write() as session:
            account = auth_repository.account_by_email(session, key)
            if account is not None:
                account.admin = True
        return account is not None

    def has_administrator(self) -> bool:
        """Whether an administrator exists. From then on the set-up link no longer creates one."""
        with self._database.snapshot() as session:
            return auth_repository.has_administrators(session)

    def _require_admin(self, session: Session, claims: Claims) -> None:
        if not self._sessions.owner(session, claims).admin:
            raise Forbidden("This is for the administrator of this Outlay.")

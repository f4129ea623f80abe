"""Registration, open to the public or by invitation, to the installation or into a ledger."""

from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Forbidden, NotFound
from chassis.process.clock import Clock
from contracts.identity import Claims
from services.auth import attempts_repository, users
from services.auth import repository as auth_repository
from services.auth.accounts.email_addresses import email_key, read_email
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.registration_policy import RegistrationPolicy
from services.auth.accounts.schemas import (
    Invitation,
    InvitationList,
    InvitationMade,
    InvitationWanted,
    Options,
)
from services.auth.errors import InvitationNeeded
from services.auth.identity_journal import Noting
from services.auth.ledgers import repository as ledger_repository
from services.auth.ledgers import roles
from services.auth.mail import messages as mail_messages
from services.auth.one_time_links import Links
from services.auth.random_tokens import hash_of, new_secret
from services.auth.schemas import Registration
from services.auth.sessions.sessions import Sessions
from services.auth.settings import INVITATION_LIFE
from services.auth.tables import InvitationRow, LedgerInvitationRow
from services.auth.throttling.client_info import Visitor


class Admission:
    """The rule, and the invitations."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        links: Links,
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
        """What the sign-in page has to know."""
        with self._database.snapshot() as session:
            first, administrator = (
                not auth_repository.has_accounts(session),
                auth_repository.has_administrators(session),
            )
        mode, mail = self._policy.mode, self._verification.is_on
        return Options(registration=mode, mail=mail, first=first, administrator=administrator)

    def check(self, session: Session, sent: Registration, visitor: Visitor) -> None:
        """Before any work is done for them. Raises InvitationNeeded."""
        if not self._policy.needs_invitation(session, sent, visitor):
            return
        good = hash_of(sent.invitation or ""), self._clock(), INVITATION_LIFE
        if not (attempts_repository.is_invited(session, *good) or ledger_repository.open_invitation(session, *good)):
            raise InvitationNeeded

    def admit(self, noting: Noting, sent: Registration, visitor: Visitor, password_hash: str) -> UUID:
        """Makes the account. Raises InvitationNeeded, EmailTaken."""
        session, now = noting.session, self._clock()
        needed = self._policy.needs_invitation(session, sent, visitor)
        admin = self._policy.makes_administrator(session, sent, visitor)
        into = self._use(session, sent, now) if needed else None
        newcomer = users.add_person(session, sent, password_hash, now, admin=admin)
        if into is not None and into.email is None:
            # The link works once, so registering with a ledger's invitation accepts it as well. One for a single
            # address is accepted later, once that address is verified.
            ledger_repository.note_accepted(session, into.id, newcomer)
            roles.set_role(noting, into.ledger, newcomer, into.role)
        return newcomer

    def welcome(self, account: UUID) -> None:
        """Sends what a new account gets by mail, after it was made."""
        self._verification.begin(account)

    def invite(self, claims: Claims, sent: InvitationWanted) -> InvitationMade:
        """An administrator makes a link for somebody; it is sent where it can be. Raises Forbidden."""
        with self._database.write() as session:
            self._require_admin(session, claims)
            made = self._made(session, sent.email)
        if sent.email is not None:
            self._verification.tell(sent.email, lambda to: mail_messages.invitation(to, made.link))
        return made

    def invite_by_operator(self) -> InvitationMade:
        """The same, by whoever runs the installation and hands the link over."""
        with self._database.write() as session:
            return self._made(session, None)

    def invitations(self, claims: Claims) -> InvitationList:
        """Those that can still be used, newest first. Raises Forbidden."""
        with self._database.snapshot() as session:
            self._require_admin(session, claims)
            rows = attempts_repository.invitations(session, self._clock(), INVITATION_LIFE)
        return InvitationList(items=[Invitation.model_validate(row, from_attributes=True) for row in rows])

    def withdraw(self, claims: Claims, id_: UUID) -> None:
        """Raises Forbidden, NotFound."""
        with self._database.write() as session:
            self._require_admin(session, claims)
            if not attempts_repository.delete_invitation(session, id_):
                raise NotFound

    def forget_old(self, session: Session) -> None:
        """Invitations that are over, and with them whom they were for."""
        attempts_repository.delete_old_invitations(session, self._clock(), INVITATION_LIFE)
        ledger_repository.delete_expired_invitations(session, self._clock(), INVITATION_LIFE)

    def _use(self, session: Session, sent: Registration, now: datetime) -> LedgerInvitationRow | None:
        """Takes an invitation; the one into a ledger, if it is one. Raises InvitationNeeded."""
        token = hash_of(sent.invitation or "")
        if attempts_repository.use_invitation(session, token, now, INVITATION_LIFE):
            return None
        into = ledger_repository.open_invitation(session, token, now, INVITATION_LIFE)
        if into is None or (into.email and not self._is_addressee(into.email, sent.email)):
            raise InvitationNeeded
        return into

    def _is_addressee(self, invited: str, email: str) -> bool:
        """Where no mail is sent, an invitation for one address is for an account that exists already."""
        return self._verification.is_on and email_key(invited) == email_key(email)

    def _made(self, session: Session, email: str | None) -> InvitationMade:
        now, token = self._clock(), new_secret()
        row = InvitationRow(
            id=uuids.uuid7(),
            token_hash=hash_of(token),
            email=email,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        attempts_repository.add_invitation(session, row)
        invitation = Invitation.model_validate(row, from_attributes=True)
        return InvitationMade(**invitation.model_dump(), link=self._links.invitation(token))

    def make_admin(self, email: str) -> bool:
        """Whoever has this address may invite from now on; False where nobody has. Raises ValueError for no address."""
        key = email_key(read_email(email))
        with self._database.write() as session:
            account = auth_repository.account_by_email(session, key)
            if account is not None:
                account.admin = True
        return account is not None

    def has_administrator(self) -> bool:
        """Whether an administrator exists, so that the set-up link no longer makes one."""
        with self._database.snapshot() as session:
            return auth_repository.has_administrators(session)

    def _require_admin(self, session: Session, claims: Claims) -> None:
        if not self._sessions.owner(session, claims).admin:
            raise Forbidden("This is for the administrator of this Outlay.")

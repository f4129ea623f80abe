"""Verifies email addresses by a link if a mail server is configured. See decision 0032."""

from functools import partial

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, TooManyRequests
from chassis.process.clock import Clock
from contracts.identity import Claims
from contracts.ids import UserId
from services.auth.accounts import reset_repository, verification_repository
from services.auth.accounts.verification_emails import VerificationEmails
from services.auth.errors import EmailTaken, LinkExpired, MailNotConfigured
from services.auth.identity import repository as auth_repository
from services.auth.identity.email_addresses import email_key
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.tables import AccountRow
from services.auth.mail import messages as mail_messages
from services.auth.mail.mailer import OutgoingEmail
from services.auth.random_tokens import hash_of
from services.auth.sessions.current_user import UserAuthenticator


class EmailVerification:
    """The use cases of address verification."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        authenticator: UserAuthenticator,
        verification_emails: VerificationEmails,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._verification_emails = verification_emails
        self._outbox = verification_emails.outbox
        self._clock = clock

    @property
    def is_enabled(self) -> bool:
        """Whether a mail server is configured, so that addresses can be verified."""
        return self._outbox is not None

    def begin(self, account: UserId) -> None:
        """Sends a link to the address of a new account. Does nothing without a mail server."""
        if self._outbox is not None:
            self._outbox.put(partial(self._compose, account))

    def request(self, claims: Claims, address: str | None) -> None:
        """Sends the link again. Raises Unauthenticated, MailNotConfigured, Conflict, TooManyRequests."""
        if self._outbox is None:
            raise MailNotConfigured
        with self._database.write() as session:
            account = self._authenticator.authenticate(session, claims).user.account
            email = _to_verify(account)
            if email is None:
                raise Conflict("Your address is confirmed already.")
            self._verification_emails.count(session, email, address)
            message = self._verification_emails.create(session, account.id, email)
        self._outbox.put(lambda: message)

    def change(self, session: Session, account: AccountRow, email: str) -> None:
        """Changes the account's address: at once without a mail server, otherwise after the link sent there is opened.

        Raises EmailTaken, TooManyRequests.
        """
        if email_key(email) == account.email_key:
            account.email, account.pending_email = email, None
        elif self._outbox is None:
            self._move(session, account, email)
            account.email_verified = False
        else:
            _require_free(session, account, email)
            self._verification_emails.count(session, email)
            account.pending_email = email

    def send_change(self, account: UserId, email: str) -> None:
        """Sends the link for the new address, after `change` was committed."""
        if self._outbox is not None:
            with self._database.write() as session:
                message = self._verification_emails.create(session, account, email)
            self._outbox.put(lambda: message)

    def verify(self, token: str) -> None:
        """Marks the address of a link as verified; a pending address replaces the current one.

        Raises LinkExpired, EmailTaken.
        """
        previous = None
        # The lock on the journal's row serialises address changes, so the second of two sees the result of the first.
        with self._journal.unit_of_work("verify_email", None) as uow:
            row = verification_repository.by_hash(uow.session, hash_of(token), self._clock())
            account = auth_repository.held_account(uow.session, row.account) if row else None
            if row is None or account is None:
                raise LinkExpired
            if account.pending_email == row.email:
                previous = self._move(uow.session, account, row.email)
            elif account.email_key != email_key(row.email):
                raise LinkExpired
            account.email_verified = True
            verification_repository.delete_of(uow.session, account.id)
        if previous is not None:
            self.notify(previous, mail_messages.address_changed)

    def notify(self, address: str, template: mail_messages.EmailTemplate) -> None:
        """Queues an email. Does nothing without a mail server."""
        if self._outbox is not None:
            self._outbox.put(partial(template, address))

    def prune(self, session: Session) -> None:
        """Deletes expired links."""
        verification_repository.delete_old(session, self._clock())

    def _move(self, session: Session, account: AccountRow, email: str) -> str:
        """Returns the previous address. Raises EmailTaken."""
        _require_free(session, account, email)
        previous = account.email
        account.email, account.email_key, account.pending_email = email, email_key(email), None
        # Reset links sent to the previous address must not work for the person who reads it now.
        reset_repository.delete_resets(session, account.id)
        return previous

    def _compose(self, id_: UserId) -> OutgoingEmail | None:
        try:
            with self._database.write() as session:
                account = auth_repository.account(session, id_)
                if account is None or account.email_verified:
                    return None
                self._verification_emails.count(session, account.email)
                return self._verification_emails.create(session, id_, account.email)
        except TooManyRequests:
            return None


def _to_verify(account: AccountRow) -> str | None:
    return account.pending_email or (None if account.email_verified else account.email)


def _require_free(session: Session, account: AccountRow, email: str) -> None:
    other = auth_repository.account_by_email(session, email_key(email))
    if other is not None and other.id != account.id:
        raise EmailTaken

"""Verifies email addresses by a link, where mail is sent. See decision 0032."""

from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, TooManyRequests
from chassis.process.clock import Clock
from contracts.identity import Claims
from services.auth import attempts_repository
from services.auth import repository as auth_repository
from services.auth.accounts import verification_repository
from services.auth.accounts.email_addresses import email_key
from services.auth.accounts.verification_emails import VerificationMails
from services.auth.current_user import Presence
from services.auth.errors import EmailTaken, LinkOver, NoMail
from services.auth.identity_journal import IdentityJournal
from services.auth.mail import messages as mail_messages
from services.auth.mail.mailer import Letter
from services.auth.random_tokens import hash_of
from services.auth.tables import AccountRow


class EmailVerification:
    """The use cases."""

    def __init__(
        self, database: Database, journal: IdentityJournal, presence: Presence, mails: VerificationMails, clock: Clock
    ) -> None:
        self._database = database
        self._journal = journal
        self._presence = presence
        self._mails = mails
        self._outbox = mails.outbox
        self._clock = clock

    @property
    def is_on(self) -> bool:
        """Whether mail is sent, so that addresses can be verified."""
        return self._outbox is not None

    def begin(self, account: UUID) -> None:
        """Sends a link to the address of a new account. Does nothing where no mail is sent."""
        if self._outbox is not None:
            self._outbox.put(partial(self._write, account))

    def request(self, claims: Claims, address: str | None) -> None:
        """Sends the link again. Raises Unauthenticated, NoMail, Conflict, TooManyRequests."""
        if self._outbox is None:
            raise NoMail
        with self._database.write() as session:
            account = self._presence.of(session, claims).person.account
            email = _to_verify(account)
            if email is None:
                raise Conflict("Your address is confirmed already.")
            self._mails.count(session, email, address)
            letter = self._mails.make(session, account.id, email)
        self._outbox.put(lambda: letter)

    def change(self, session: Session, account: AccountRow, email: str) -> None:
        """Gives the account another address: where mail is sent, once its link was opened; else at once.

        Raises EmailTaken, TooManyRequests.
        """
        if email_key(email) == account.email_key:
            account.email, account.pending_email = email, None
        elif self._outbox is None:
            self._move(session, account, email)
            account.email_verified = False
        else:
            _require_free(session, account, email)
            self._mails.count(session, email)
            account.pending_email = email

    def send_change(self, account: UUID, email: str) -> None:
        """Sends the link for another address, after `change` was committed."""
        if self._outbox is not None:
            with self._database.write() as session:
                letter = self._mails.make(session, account, email)
            self._outbox.put(lambda: letter)

    def verify(self, token: str) -> None:
        """The address counts from now on, and takes the place of the one before. Raises LinkOver, EmailTaken."""
        before = None
        # The journal's row orders everything that takes an address: of two, the second sees the first.
        with self._journal.noting("verify_email", None) as noting:
            row = verification_repository.by_hash(noting.session, hash_of(token), self._clock())
            account = auth_repository.held_account(noting.session, row.account) if row else None
            if row is None or account is None:
                raise LinkOver
            if account.pending_email == row.email:
                before = self._move(noting.session, account, row.email)
            elif account.email_key != email_key(row.email):
                raise LinkOver
            account.email_verified = True
            verification_repository.delete_of(noting.session, account.id)
        if before is not None:
            self.tell(before, mail_messages.address_changed)

    def tell(self, email: str, letter: mail_messages.Written) -> None:
        """Queues an email. Does nothing where no mail is sent."""
        if self._outbox is not None:
            self._outbox.put(partial(letter, email))

    def forget_old(self, session: Session) -> None:
        """Deletes expired links."""
        verification_repository.delete_old(session, self._clock())

    def _move(self, session: Session, account: AccountRow, email: str) -> str:
        """Returns the previous address. Raises EmailTaken."""
        _require_free(session, account, email)
        before = account.email
        account.email, account.email_key, account.pending_email = email, email_key(email), None
        # Reset links that were sent to the previous address must not work for the person who reads it now.
        attempts_repository.delete_resets(session, account.id)
        return before

    def _write(self, id_: UUID) -> Letter | None:
        try:
            with self._database.write() as session:
                account = auth_repository.account(session, id_)
                if account is None or account.email_verified:
                    return None
                self._mails.count(session, account.email)
                return self._mails.make(session, id_, account.email)
        except TooManyRequests:
            return None


def _to_verify(account: AccountRow) -> str | None:
    return account.pending_email or (None if account.email_verified else account.email)


def _require_free(session: Session, account: AccountRow, email: str) -> None:
    other = auth_repository.account_by_email(session, email_key(email))
    if other is not None and other.id != account.id:
        raise EmailTaken

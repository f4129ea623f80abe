"""Links for a forgotten password, emailed or created by an operator. A link is valid for an hour, and works once."""

from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import TooManyRequests
from chassis.process.clock import Clock
from services.auth.accounts import reset_repository
from services.auth.errors import MailNotConfigured
from services.auth.identity import repository as auth_repository
from services.auth.identity.email_addresses import email_key, read_email
from services.auth.identity.tables import PasswordResetRow
from services.auth.mail import messages as mail_messages
from services.auth.mail.mailer import Outbox, OutgoingEmail
from services.auth.one_time_links import OneTimeLinks
from services.auth.random_tokens import hash_of, new_secret
from services.auth.throttling.login_throttle import LoginThrottle

RESET_LINK_LIFETIME = timedelta(hours=1)
"""Long enough for slow mail, short enough that an old email is no way into the account."""


class ResetLinks:
    """Creates links that reset a password, and emails them."""

    def __init__(
        self, database: Database, links: OneTimeLinks, throttle: LoginThrottle, outbox: Outbox | None, clock: Clock
    ) -> None:
        self._database = database
        self._links = links
        self._throttle = throttle
        self._outbox = outbox
        self._clock = clock

    def create_link(self, email: str) -> str | None:
        """Returns a link for the account with this address, or None. Raises ValueError for a malformed address."""
        with self._database.write() as session:
            reset = self._create(session, email_key(read_email(email)), mailed=False)
        return reset and reset[1]

    def request(self, email: str, address: str | None) -> None:
        """Emails a link if the account exists. Raises MailNotConfigured, TooManyRequests.

        The outbox's thread looks up the account later, so neither response nor timing reveals whether it exists.
        """
        if self._outbox is None:
            raise MailNotConfigured
        if address is not None:
            with self._database.write() as session:
                self._throttle.begin(session, [self._throttle.of_emails_from(address)])
        self._outbox.put(partial(self._compose, email))

    def prune(self, session: Session) -> None:
        """Deletes expired links."""
        reset_repository.delete_old_resets(session, self._clock(), RESET_LINK_LIFETIME)

    def _compose(self, email: str) -> OutgoingEmail | None:
        try:
            key = email_key(read_email(email))
            with self._database.write() as session:
                self._throttle.begin(session, [self._throttle.of_emails(key)])
                reset = self._create(session, key, mailed=True)
        except (ValueError, TooManyRequests):
            return None
        return mail_messages.password_reset(*reset) if reset else None

    def _create(self, session: Session, key: str, *, mailed: bool) -> tuple[str, str] | None:
        """Returns the account's address as its owner writes it, and the link."""
        account = auth_repository.account_by_email(session, key)
        if account is None:
            return None
        token = new_secret()
        expires_at = self._clock() + RESET_LINK_LIFETIME
        row = PasswordResetRow(token_hash=hash_of(token), account=account.id, mailed=mailed, expires_at=expires_at)
        reset_repository.add_reset(session, row)
        return account.email, self._links.reset(token)

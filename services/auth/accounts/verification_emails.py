"""Emails with verification links: counted and created within the caller's transaction, sent after it."""

from sqlalchemy.orm import Session

from chassis.process.clock import Clock
from contracts.ids import UserId
from services.auth.accounts import verification_repository
from services.auth.identity.email_addresses import email_key
from services.auth.identity.tables import EmailVerificationRow
from services.auth.mail import messages as mail_messages
from services.auth.mail.mailer import Outbox, OutgoingEmail
from services.auth.one_time_links import OneTimeLinks
from services.auth.random_tokens import hash_of, new_secret
from services.auth.settings import VERIFICATION_LIFETIME
from services.auth.throttling.login_throttle import LoginThrottle


class VerificationEmails:
    """Creates verification links and their emails."""

    def __init__(self, links: OneTimeLinks, throttle: LoginThrottle, outbox: Outbox | None, clock: Clock) -> None:
        self._links = links
        self._throttle = throttle
        self.outbox = outbox
        self._clock = clock

    def count(self, session: Session, email: str, requested_from: str | None = None) -> None:
        """Counts an email for its address, and for the requesting IP address if known. Raises TooManyRequests."""
        attempt_keys = [self._throttle.of_emails_from(requested_from)] if requested_from is not None else []
        self._throttle.begin(session, [self._throttle.of_verifications(email_key(email)), *attempt_keys])

    def create(self, session: Session, account: UserId, email: str) -> OutgoingEmail:
        """Returns an email with a new link. Only a hash of the link is stored."""
        token, expires_at = new_secret(), self._clock() + VERIFICATION_LIFETIME
        row = EmailVerificationRow(token_hash=hash_of(token), account=account, email=email, expires_at=expires_at)
        verification_repository.add(session, row)
        return mail_messages.verify_address(email, self._links.verification(token))

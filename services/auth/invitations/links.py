"""Links into a ledger, and the emails that carry them."""

from functools import partial

from sqlalchemy.orm import Session

from services.auth.identity.email_addresses import email_key
from services.auth.mail import messages as mail_messages
from services.auth.mail.mailer import Outbox
from services.auth.one_time_links import OneTimeLinks
from services.auth.throttling.login_throttle import LoginThrottle


class InvitationLinks:
    """Creates links, and emails them if a mail server is configured."""

    def __init__(self, links: OneTimeLinks, throttle: LoginThrottle, outbox: Outbox | None) -> None:
        self._links = links
        self._throttle = throttle
        self._outbox = outbox

    @property
    def sends_mail(self) -> bool:
        """Whether addresses can be verified."""
        return self._outbox is not None

    def count(self, session: Session, email: str | None) -> None:
        """Counts an email before it is sent, so that a mailbox cannot be flooded. Raises TooManyRequests."""
        if self._outbox is not None and email is not None:
            self._throttle.begin(session, [self._throttle.of_emails(email_key(email))])

    def send(self, token: str, email: str | None) -> str:
        """Returns the link, and emails it to the address if there is one."""
        link = self._links.ledger(token)
        if self._outbox is not None and email is not None:
            self._outbox.put(partial(mail_messages.ledger_invitation, email, link))
        return link

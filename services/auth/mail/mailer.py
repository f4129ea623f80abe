"""Sends emails if a mail server is configured, one after another, in a thread of its own."""

import logging
import queue
import re
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit

from services.auth import metrics

log = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Timeout of each step of the conversation with the server, in seconds."""

MAX_QUEUED = 100
"""Queued emails at most. More are dropped: users can request them again."""

_ADDRESS = re.compile(r"[^\s<>'\":,;()]+@[^\s<>'\":,;()]+")
_FORM = "the mail server must look like smtp://user:password@mail.example:587 or smtps://…"
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, repr=False)
class MailServer:
    """The address of a mail server, and the credentials for it."""

    host: str
    port: int
    tls_at_once: bool
    user: str
    password: str

    def __repr__(self) -> str:
        """Returns a text without the password."""
        return f"Server({self.host}:{self.port})"


class OutgoingEmail(NamedTuple):
    """An email before it has a sender."""

    to: str
    subject: str
    text: str


def read_server(url: str) -> MailServer:
    """Returns the server of `SMTP_URL`. Raises ValueError."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        # The original message repeats the unreadable text, which may contain the password.
        raise ValueError(_FORM) from None
    if split.scheme not in _PORTS or not split.hostname:
        raise ValueError(_FORM)
    user, password = unquote(split.username or ""), unquote(split.password or "")
    return MailServer(split.hostname, port or _PORTS[split.scheme], split.scheme == "smtps", user, password)


class Mailer:
    """Hands emails to a mail server."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, email: OutgoingEmail) -> None:
        """Sends an email. Raises OSError, the base class of smtplib's errors."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, email.to, email.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(email.text)
        with self._connection() as smtp:
            self._introduce(smtp)
            smtp.send_message(message)

    def _connection(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.tls_at_once:
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=TIMEOUT)

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo()
        if not self._server.tls_at_once and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
        elif not self._server.tls_at_once and self._server.user:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, and the password is only sent over TLS")
        if self._server.user:
            smtp.login(self._server.user, self._server.password)


class Outbox:
    """Writes and sends emails one after another. Emails still queued when the process ends are lost."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._queued: queue.Queue[Callable[[], OutgoingEmail | None] | None] = queue.Queue(MAX_QUEUED)
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    @classmethod
    def at(cls, url: str, sender: str) -> Self:
        """Creates an outbox for the server of `SMTP_URL`."""
        return cls(Mailer(read_server(url), sender))

    def start(self) -> None:
        """Starts sending."""
        self._thread.start()

    def stop(self) -> None:
        """Sends the queued emails, within TIMEOUT, then ends the thread."""
        try:
            self._queued.put(None, timeout=TIMEOUT)
        except queue.Full:
            return
        self._thread.join(timeout=TIMEOUT)

    def put(self, write: Callable[[], OutgoingEmail | None]) -> None:
        """Queues a function that writes an email, or returns None if there is nothing to send."""
        try:
            self._queued.put_nowait(write)
        except queue.Full:
            metrics.emails.labels("dropped").inc()
            log.warning("too many emails are queued; one was dropped")

    def _run(self) -> None:
        while (write := self._queued.get()) is not None:
            try:
                email = write()
                if email is not None:
                    self._mailer.send(email)
                    metrics.emails.labels("sent").inc()
            except Exception as error:  # noqa: BLE001 - one failed email must not stop the next
                metrics.emails.labels("failed").inc()
                log.warning("an email could not be sent", extra={"error": _reason(error)})


def _reason(error: Exception) -> str:
    """Returns the error without email addresses, which mail servers repeat in their messages."""
    return _ADDRESS.sub("…", repr(error))

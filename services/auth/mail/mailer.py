"""Sends mail, where a server is set: one letter at a time, in a thread that no request waits for."""

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
"""Seconds that the server may take for each step."""

MAX_QUEUED = 100
"""Queued emails at most. More are dropped: users can request them again."""

_ADDRESS = re.compile(r"[^\s<>'\":,;()]+@[^\s<>'\":,;()]+")
_FORM = "the mail server must look like smtp://user:password@mail.example:587 or smtps://…"
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, repr=False)
class MailServer:
    """A mail server, and who we are to it."""

    host: str
    port: int
    tls_at_once: bool
    user: str
    password: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"Server({self.host}:{self.port})"


class OutgoingEmail(NamedTuple):
    """A mail before it has a sender."""

    to: str
    subject: str
    text: str


def read_server(url: str) -> MailServer:
    """The server that `SMTP_URL` names. Raises ValueError."""
    try:
        parts = urlsplit(url)
        named = parts.port
    except ValueError:
        # Its own words repeat what it could not read, which may be a part of the password.
        raise ValueError(_FORM) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(_FORM)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    port = named or _PORTS[parts.scheme]
    return MailServer(parts.hostname, port, parts.scheme == "smtps", user, password)


class Mailer:
    """Hands letters to a mail server."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, email: OutgoingEmail) -> None:
        """Raises OSError, which smtplib's errors are too."""
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
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, and a password is not sent without")
        if self._server.user:
            smtp.login(self._server.user, self._server.password)


class Outbox:
    """Writes and sends letters one after the other. What is lost when the process ends has to be asked for again."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._waiting: queue.Queue[Callable[[], OutgoingEmail | None] | None] = queue.Queue(MAX_QUEUED)
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    @classmethod
    def at(cls, url: str, sender: str) -> Self:
        """An outbox for the server that `SMTP_URL` names."""
        return cls(Mailer(read_server(url), sender))

    def start(self) -> None:
        """Begins to send."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the letters that wait, if that takes no longer than a server may."""
        try:
            self._waiting.put(None, timeout=TIMEOUT)
        except queue.Full:
            return
        self._thread.join(timeout=TIMEOUT)

    def put(self, write: Callable[[], OutgoingEmail | None]) -> None:
        """Takes on a letter that is yet to be written; None as its text means that there is nothing to send."""
        try:
            self._waiting.put_nowait(write)
        except queue.Full:
            metrics.emails.labels("dropped").inc()
            log.warning("too many emails are queued; one was dropped")

    def _run(self) -> None:
        while (write := self._waiting.get()) is not None:
            try:
                email = write()
                if email is not None:
                    self._mailer.send(email)
                    metrics.emails.labels("sent").inc()
            except Exception as error:  # noqa: BLE001 - whatever befell one letter, the next may go through
                metrics.emails.labels("failed").inc()
                log.warning("an email could not be sent", extra={"error": _reason(error)})


def _reason(error: Exception) -> str:
    """What went wrong, and not for whom: mail servers repeat addresses in what they say."""
    return _ADDRESS.sub("…", repr(error))

"""How letters go to a mail server: with TLS where it is offered, and no password without."""

import datetime as dt
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.local.ports import free_port
from services.auth.mail.mailer import Mailer, Outbox, OutgoingEmail, read_server
from tests.support.mail import Mailbox
from tests.support.waiting import until

LETTER = OutgoingEmail("ada@example.org", "Hello", "A calm day.\n")
SENDER = "outlay@example.org"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server on this machine, trusted for the length of a test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    public.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context


class RejectingHandler:
    """Accepts the password, and records every attempt."""

    def __init__(self) -> None:
        self.tried: list[tuple[bytes, bytes]] = []

    def __call__(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:  # noqa: ARG002 - aiosmtpd's form
        assert isinstance(data, LoginPassword)
        self.tried.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss word")


@contextmanager
def server(doorman: RejectingHandler, **different: Any) -> Iterator[tuple[Mailbox, int]]:
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, authenticator=doorman, **different)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def test_tls_is_begun_where_it_is_offered(certificate: ssl.SSLContext) -> None:
    doorman = RejectingHandler()
    with server(doorman, tls_context=certificate, require_starttls=True, auth_required=True) as (mailbox, port):
        Mailer(read_server(f"smtp://ada:p%40ss%20word@127.0.0.1:{port}"), SENDER).send(LETTER)

    [letter] = mailbox.to("ada@example.org")
    assert (letter["From"], letter["Subject"], letter.get_content().strip()) == (SENDER, "Hello", "A calm day.")
    assert doorman.tried == [(b"ada", b"p@ss word")]


def test_smtps_speaks_tls_from_the_first_byte(certificate: ssl.SSLContext) -> None:
    doorman = RejectingHandler()
    different: dict[str, Any] = {"ssl_context": certificate, "auth_require_tls": False, "auth_required": True}
    with server(doorman, **different) as (mailbox, port):
        Mailer(read_server(f"smtps://ada:p%40ss%20word@127.0.0.1:{port}"), SENDER).send(LETTER)

    assert len(mailbox.messages) == 1


def test_a_password_is_not_sent_without_tls() -> None:
    doorman = RejectingHandler()
    with server(doorman, auth_require_tls=False) as (mailbox, port), pytest.raises(smtplib.SMTPNotSupportedError):
        Mailer(read_server(f"smtp://ada:secret@127.0.0.1:{port}"), SENDER).send(LETTER)

    assert (doorman.tried, mailbox.messages) == ([], [])


def test_a_server_with_an_untrusted_certificate_gets_nothing(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    doorman = RejectingHandler()
    with server(doorman, tls_context=certificate) as (mailbox, port), pytest.raises(ssl.SSLCertVerificationError):
        Mailer(read_server(f"smtp://ada:secret@127.0.0.1:{port}"), SENDER).send(LETTER)

    assert (doorman.tried, mailbox.messages) == ([], [])


class ForeignServer(Mailbox):
    """Refuses every recipient, with the address in its response."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: ARG002, N802 - aiosmtpd's form
        return f"550 5.1.1 <{address}>: no such user"


def _errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What our own code logs; the other side's server logs as well."""
    return [vars(record)["error"] for record in caplog.records if record.name == "services.auth.mail.mailer"]


def test_the_log_does_not_say_to_whom_a_letter_could_not_be_sent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", "services.auth.mail.mailer")  # a service may have set another level for all
    port = free_port()
    controller = Controller(ForeignServer(), hostname="127.0.0.1", port=port)
    controller.start()
    outbox = Outbox.at(f"smtp://127.0.0.1:{port}", SENDER)
    outbox.start()
    outbox.put(lambda: LETTER)
    [told] = until(lambda: _errors(caplog), what="the refusal to be noted")
    outbox.stop()
    controller.stop()

    assert "no such user" in told
    assert LETTER.to not in told


def test_a_letter_that_cannot_be_written_keeps_no_other_waiting() -> None:
    def fail() -> OutgoingEmail:
        raise ValueError

    with server(RejectingHandler()) as (mailbox, port):
        outbox = Outbox.at(f"smtp://127.0.0.1:{port}", SENDER)
        outbox.start()
        for write in (fail, lambda: None, lambda: LETTER):
            outbox.put(write)
        until(lambda: mailbox.messages, what="the last letter")
        outbox.stop()

    assert len(mailbox.messages) == 1

"""A real mail server, and what lies in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from deploy.local.ports import free_ports
from tests.support.waiting import until


class Mailbox:
    """Takes every letter."""

    def __init__(self) -> None:
        self.url = ""
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 - aiosmtpd's form
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.messages.append(letter)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.messages if letter["To"] == address]

    def newest(self, address: str, subject: str) -> EmailMessage:
        """Waits for a letter about that."""

        def found() -> EmailMessage | None:
            return next((letter for letter in reversed(self.to(address)) if subject in letter["Subject"]), None)

        letter = until(found, what=f"a letter to {address}")
        assert letter is not None
        return letter

    def link(self, address: str, subject: str) -> str:
        """The link in it."""
        lines = self.newest(address, subject).get_content().splitlines()
        found: str = next(line for line in lines if line.startswith("http"))
        return found


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    [port] = free_ports(1)
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{port}"
    try:
        yield mailbox
    finally:
        controller.stop()

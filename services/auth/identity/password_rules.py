"""Rules for new passwords, from OWASP ASVS 5 (6.2). None requires particular kinds of characters."""

from functools import cache
from pathlib import Path

from chassis.errors import Invalid
from services.auth.identity.email_addresses import email_key

MIN_LENGTH = 8
"""In characters (6.2.1)."""

MAX_BYTES = 1024
"""In bytes. ASVS requires at least 64 characters to be possible (6.2.9). The limit bounds the work of hashing."""

_OURS = "outlay"
_COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt")


def check_length(text: str) -> str:
    """Raises ValueError."""
    if len(text) < MIN_LENGTH:
        raise ValueError(f"use at least {MIN_LENGTH} characters; several words are easy to remember")
    return text


def check_max_bytes(text: str) -> str:
    """Raises ValueError."""
    if len(text.encode()) > MAX_BYTES:
        raise ValueError(f"use at most {MAX_BYTES:,} bytes")
    return text


def check_guessable(password: str, email: str, pointer: str) -> None:
    """Refuses common passwords (6.2.4) and those that contain the email address (6.2.11). Raises Invalid."""
    folded = password.casefold()
    if folded in common_passwords():
        raise Invalid.field(pointer, "this is a common password and easy to guess; use several words instead")
    if len(_without(folded, email_key(email))) < MIN_LENGTH:
        raise Invalid.field(pointer, f"the email address does not count; add {MIN_LENGTH} other characters")


def _without(text: str, email: str) -> str:
    """Returns the text without the parts that are easy to guess."""
    for guessable in (email, email.partition("@")[0], _OURS):
        text = text.replace(guessable, "")
    return text


@cache
def common_passwords() -> frozenset[str]:
    """Those of MIN_LENGTH or more characters, in lower case."""
    lines = _COMMON_PASSWORDS.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))

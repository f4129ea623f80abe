"""Tokens of 256 random bits, stored as a hash. A fast hash is enough, since random tokens cannot be guessed."""

import hashlib
import secrets


def new_secret() -> str:
    """Returns 43 characters that cannot be guessed."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """Returns the hash to store and to look up."""
    return hashlib.sha256(token.encode()).digest()

"""Tokens of 256 random bits, stored as a hash; they are chance, so nothing slow is needed."""

import hashlib
import secrets


def new_secret() -> str:
    """43 characters that no one can guess."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """What to store of it, and to look it up by."""
    return hashlib.sha256(token.encode()).digest()

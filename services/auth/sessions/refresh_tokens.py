"""Refresh tokens: a family for each session. The first token is random, later ones are derived.

The database stores a hash of the first token. From it and a key outside of the database any later token can be derived
again, so presenting a token twice gets the same successor. Neither the database nor the key alone is enough to make a
token.
"""

import base64
import hashlib
import hmac
import re
import secrets
from typing import NamedTuple, Self
from uuid import UUID

from services.auth.identity.tables import SessionRow

_FORM = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})\.([A-Za-z0-9_-]{43})", re.ASCII)


class RefreshToken(NamedTuple):
    """A token: its family, its generation, and a proof that it was issued."""

    family: UUID
    generation: int
    proof: bytes

    def __str__(self) -> str:
        """Returns the token as sent to clients."""
        proof = base64.urlsafe_b64encode(self.proof).rstrip(b"=").decode()
        return f"{self.family.hex}.{self.generation}.{proof}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Parses a token; returns None if the text is malformed."""
        if (match := _FORM.fullmatch(text)) is None:
            return None
        return cls(UUID(match[1]), int(match[2]), base64.urlsafe_b64decode(match[3] + "="))

    def hash(self) -> bytes:
        """Returns the hash to store of a family's first token. A fast hash is enough, since the token is random."""
        return hashlib.sha256(self.proof).digest()


class RefreshTokens:
    """Creates and verifies refresh tokens."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def first(self, family: UUID) -> RefreshToken:
        """Returns a random first token for a family."""
        return RefreshToken(family, 0, secrets.token_bytes(32))

    def later(self, row: SessionRow, generation: int) -> RefreshToken:
        """Derives the family's token of a generation from 1 on. The result is always the same."""
        message = row.first_hash + row.id.bytes + generation.to_bytes(8)
        return RefreshToken(row.id, generation, hmac.digest(self._key, message, "sha256"))

    def genuine(self, row: SessionRow, token: RefreshToken) -> bool:
        """Whether the token was issued to this family, at any generation."""
        if token.generation == 0:
            return hmac.compare_digest(token.hash(), row.first_hash)
        return hmac.compare_digest(token.proof, self.later(row, token.generation).proof)

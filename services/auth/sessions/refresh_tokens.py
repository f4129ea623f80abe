"""Refresh tokens: a family for each session, every token after the first derived from the one before it.

What is stored is a hash of the first token. With it and a key that is not in the database, any token of the family can
be derived anew, so presenting one again gets the same successor; a copy of the database alone, or the key alone, makes
no token.
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
    """A token: which family, which generation, and the proof that it was issued."""

    family: UUID
    generation: int
    proof: bytes

    def __str__(self) -> str:
        """The token as it travels."""
        proof = base64.urlsafe_b64encode(self.proof).rstrip(b"=").decode()
        return f"{self.family.hex}.{self.generation}.{proof}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what never was a token of ours."""
        if (match := _FORM.fullmatch(text)) is None:
            return None
        return cls(UUID(match[1]), int(match[2]), base64.urlsafe_b64decode(match[3] + "="))

    def hash(self) -> bytes:
        """What to store of a family's first token. It is random, so nothing slow is needed."""
        return hashlib.sha256(self.proof).digest()


class RefreshTokens:
    """Makes and recognises tokens."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def first(self, family: UUID) -> RefreshToken:
        """The token that founds a family: chance."""
        return RefreshToken(family, 0, secrets.token_bytes(32))

    def later(self, row: SessionRow, generation: int) -> RefreshToken:
        """The family's token of this generation, from the second on: always the same."""
        message = row.first_hash + row.id.bytes + generation.to_bytes(8)
        return RefreshToken(row.id, generation, hmac.digest(self._key, message, "sha256"))

    def genuine(self, row: SessionRow, token: RefreshToken) -> bool:
        """Whether the token, of whatever generation, was issued to this family."""
        if token.generation == 0:
            return hmac.compare_digest(token.hash(), row.first_hash)
        return hmac.compare_digest(token.proof, self.later(row, token.generation).proof)

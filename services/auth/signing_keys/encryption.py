"""Secrets at rest: keys derived from OUTLAY_SECRET_KEY, one for each purpose."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.auth.errors import WrongSecretKeyError

_NONCE = 12
"""Bytes, as AES-GCM wants it. Chance is enough: we seal a few keys a year."""


def derive(secret: str, purpose: str) -> bytes:
    """A key for one purpose. The secret itself is random (`chassis.process.settings`), so nothing slow is needed."""
    return HKDF(SHA256(), length=32, salt=None, info=f"outlay/{purpose}".encode()).derive(secret.encode())


class Encryption:
    """Encrypts what must not be readable in a copy of the database, and notices any change to it."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(derive(secret, "signing-keys"))

    def encrypt(self, content: bytes, name: str) -> bytes:
        """The sealed content; it opens under the same name alone."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def decrypt(self, encrypted: bytes, name: str) -> bytes:
        """Raises WrongSecretKeyError."""
        try:
            return self._cipher.decrypt(encrypted[:_NONCE], encrypted[_NONCE:], name.encode())
        except InvalidTag as error:
            raise WrongSecretKeyError from error

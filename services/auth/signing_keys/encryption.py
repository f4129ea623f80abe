"""Encryption of stored secrets, with keys derived from OUTLAY_SECRET_KEY, one for each purpose."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.auth.errors import WrongSecretKeyError

_NONCE = 12
"""In bytes, as AES-GCM requires. Random nonces are safe, since only a few keys are encrypted each year."""


def derive(secret: str, purpose: str) -> bytes:
    """Derives a key for one purpose. Fast, since the secret is random (`chassis.process.settings`)."""
    return HKDF(SHA256(), length=32, salt=None, info=f"outlay/{purpose}".encode()).derive(secret.encode())


class Encryption:
    """Authenticated encryption of secrets in the database: hides them in copies, and detects changes."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(derive(secret, "signing-keys"))

    def encrypt(self, content: bytes, name: str) -> bytes:
        """Returns the encrypted content. Decryption needs the same name."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def decrypt(self, encrypted: bytes, name: str) -> bytes:
        """Raises WrongSecretKeyError if the key or the name differs, or the content was changed."""
        try:
            return self._cipher.decrypt(encrypted[:_NONCE], encrypted[_NONCE:], name.encode())
        except InvalidTag as error:
            raise WrongSecretKeyError from error

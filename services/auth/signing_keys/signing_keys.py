"""The keys that sign access tokens. Private keys are encrypted in the database; public keys are published.

A key is first published only; it signs once every verifier has read it; it stays published until its last token has
expired; then it is deleted. Only the start of signing is stored; the rest follows from it and from the next key's.
"""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from jwt.algorithms import ECAlgorithm

from chassis.database.engine import Database
from chassis.process.clock import CLOCK_DIFFERENCE, Clock
from contracts.identity import ACCESS_TYPE, SIGNATURE
from services.auth.identity.tables import SigningKeyRow
from services.auth.settings import ACCESS_TOKEN_LIFETIME
from services.auth.signing_keys import repository
from services.auth.signing_keys.encryption import Encryption

log = logging.getLogger(__name__)

RELOAD_INTERVAL = timedelta(minutes=1)
"""Interval at which each instance reads the keys that others have stored."""

PUBLISHED_AHEAD = timedelta(minutes=10)
"""How long a key is published before it signs. By then every instance has read it, and every verifier has fetched
it (`chassis.security.access_tokens.REFRESH_AFTER`), with some minutes to spare for clocks that differ."""

PUBLISHED_AFTER = ACCESS_TOKEN_LIFETIME + timedelta(minutes=5)
"""How long a key stays after the next one signs: the lifetime of its last token, and some minutes for clocks."""


@dataclass(frozen=True)
class SigningKey:
    """A private key, and the id under which its public key is published."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    signs_from: datetime

    @classmethod
    def of(cls, private: ec.EllipticCurvePrivateKey, signs_from: datetime) -> "SigningKey":
        """Returns the key with the thumbprint of its public key as its id (RFC 7638)."""
        public = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
        members = {name: public[name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
        return cls(jwt.utils.base64url_encode(hashlib.sha256(canonical).digest()).decode(), private, signs_from)

    def public_jwk(self) -> dict[str, Any]:
        """Returns the public key for the JWKS."""
        public = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "use": "sig", "alg": SIGNATURE}


class SigningKeys:
    """All keys of this installation, as this instance last read them."""

    def __init__(self, database: Database, encryption: Encryption, rotate_after: timedelta, clock: Clock) -> None:
        self._database = database
        self._encryption = encryption
        self._rotate_after = rotate_after
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}

    def load(self) -> None:
        """Reads the keys, and creates the first one if there is none. Raises WrongSecretKeyError."""
        if not (rows := self._stored()):
            self._make(number=1, signs_from=self._clock())
            # Another instance may have been first: the stored key is used, not the one created here.
            rows = self._stored()
        self._keys = {row.kid: self._keys.get(row.kid) or self._decrypted(row) for row in rows}

    def maintain(self) -> None:
        """Creates the next key when it is due, and deletes keys whose last token has expired."""
        now = self._clock()
        newest = self._stored()[-1]
        if newest.signs_from + self._rotate_after <= now or _is_impossible(newest, now):
            self._make(newest.number + 1, now + PUBLISHED_AHEAD)
        self._withdraw(now)
        self.load()

    def rotate(self) -> datetime:
        """Creates the next key, unless one is waiting; returns when it begins to sign. Raises WrongSecretKeyError."""
        self.load()
        now = self._clock()
        newest = self._stored()[-1]
        if newest.signs_from <= now or _is_impossible(newest, now):
            self._make(newest.number + 1, now + PUBLISHED_AHEAD)
            self.load()
        return list(self._keys.values())[-1].signs_from

    def sign(self, claims: dict[str, Any]) -> str:
        """Returns an access token with these claims."""
        key = self._signing()
        return jwt.encode(claims, key.private, algorithm=SIGNATURE, headers={"typ": ACCESS_TYPE, "kid": key.kid})

    def jwks(self) -> dict[str, Any]:
        """Returns the public keys (RFC 7517)."""
        return {"keys": [key.public_jwk() for key in self._keys.values()]}

    def cached(self, kid: str) -> ec.EllipticCurvePublicKey | None:
        """Returns the public key for tokens sent to auth itself, without an HTTP request."""
        key = self._keys.get(kid)
        return key.private.public_key() if key else None

    def get(self, kid: str) -> ec.EllipticCurvePublicKey | None:
        """Same as `cached`, since all keys are in memory."""
        return self.cached(kid)

    def _signing(self) -> SigningKey:
        keys, now = list(self._keys.values()), self._clock()
        # The oldest one if this clock is behind that of the instance that created it.
        return next((key for key in reversed(keys) if key.signs_from <= now), keys[0])

    def _withdraw(self, now: datetime) -> None:
        rows = self._stored()
        # By number, not by time: an earlier key may have the time of a clock that was ahead.
        signing = max((row.number for row in rows if row.signs_from + PUBLISHED_AFTER <= now), default=0)
        expired = [row for row in rows if row.number < signing]
        if expired:
            with self._database.write() as session:
                repository.delete_signing_keys(session, [row.number for row in expired])
            log.info("signing keys withdrawn", extra={"kids": [row.kid for row in expired]})

    def _stored(self) -> list[SigningKeyRow]:
        with self._database.snapshot() as session:
            return list(repository.signing_keys(session))

    def _make(self, number: int, signs_from: datetime) -> None:
        key = SigningKey.of(ec.generate_private_key(ec.SECP256R1()), signs_from)
        content = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        row = SigningKeyRow(
            number=number,
            kid=key.kid,
            sealed=self._encryption.encrypt(content, key.kid),
            created_at=self._clock(),
            signs_from=signs_from,
        )
        with self._database.write() as session:
            repository.add_signing_key(session, row)

    def _decrypted(self, row: SigningKeyRow) -> SigningKey:
        private = load_der_private_key(self._encryption.decrypt(row.sealed, row.kid), password=None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)  # noqa: S101 - we stored no other kind
        return SigningKey(row.kid, private, row.signs_from)


def _is_impossible(row: SigningKeyRow, now: datetime) -> bool:
    """Whether a clock that was ahead created the key, which would delay the next one."""
    return row.signs_from > now + PUBLISHED_AHEAD + CLOCK_DIFFERENCE

"""The keys that sign access tokens: made at the first start, sealed in the database, public halves for everyone."""

import hashlib
import json
from dataclasses import dataclass
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

from chassis.database import Database
from contracts.identity import ACCESS_TYPE, SIGNATURE
from services.auth import store
from services.auth.clock import Clock
from services.auth.models import SigningKeyRow
from services.auth.sealing import Seal


@dataclass(frozen=True)
class SigningKey:
    """A private key and the name under which its public half is published."""

    kid: str
    private: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, private: ec.EllipticCurvePrivateKey) -> "SigningKey":
        """Named by the thumbprint of its public half (RFC 7638)."""
        public = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
        members = {name: public[name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
        return cls(jwt.utils.base64url_encode(hashlib.sha256(canonical).digest()).decode(), private)

    def public_jwk(self) -> dict[str, Any]:
        """The public half as it stands in the JWKS."""
        public = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "use": "sig", "alg": SIGNATURE}


class SigningKeys:
    """All keys of this installation. The newest signs; every one that is stored is published."""

    def __init__(self, database: Database, seal: Seal, clock: Clock) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}

    def load(self) -> None:
        """Reads the keys, making the first one where there is none. Raises WrongSecretKeyError."""
        if not (rows := self._stored()):
            self._make(number=1)
            # Another instance may have been quicker: what is stored counts, not what was made.
            rows = self._stored()
        self._keys = {row.kid: self._opened(row) for row in rows}

    def sign(self, claims: dict[str, Any]) -> str:
        """An access token that says this."""
        key = next(reversed(self._keys.values()))
        return jwt.encode(claims, key.private, algorithm=SIGNATURE, headers={"typ": ACCESS_TYPE, "kid": key.kid})

    def jwks(self) -> dict[str, Any]:
        """The public halves (RFC 7517)."""
        return {"keys": [key.public_jwk() for key in self._keys.values()]}

    def cached(self, kid: str) -> ec.EllipticCurvePublicKey | None:
        """The public half, for tokens that come back here: auth does not ask itself over HTTP."""
        key = self._keys.get(kid)
        return key.private.public_key() if key else None

    def get(self, kid: str) -> ec.EllipticCurvePublicKey | None:
        """The same: all keys are at hand."""
        return self.cached(kid)

    def _stored(self) -> list[SigningKeyRow]:
        with self._database.snapshot() as session:
            return list(store.signing_keys(session))

    def _make(self, number: int) -> None:
        key = SigningKey.of(ec.generate_private_key(ec.SECP256R1()))
        content = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        with self._database.write() as session:
            store.add_signing_key(session, number, key.kid, self._seal.close(content, key.kid), self._clock())

    def _opened(self, row: SigningKeyRow) -> SigningKey:
        private = load_der_private_key(self._seal.open(row.sealed, row.kid), password=None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)  # noqa: S101 - we stored no other kind
        return SigningKey(row.kid, private)

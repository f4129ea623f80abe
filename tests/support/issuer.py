"""Stands for auth where auth is not what is tested: real keys, real tokens, real HTTP."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI, HTTPException

from contracts.identity import ACCESS_TYPE, AUDIENCE, ISSUER, Role
from contracts.ids import LedgerId, UserId


class Issuer:
    """Signs access tokens, publishes the key, and knows the ledgers that it was told of."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.kid = uuid4().hex
        self.ledgers: dict[UUID, dict[str, str]] = {}

    def token(
        self,
        account: UserId,
        *,
        ledgers: Mapping[LedgerId, Role] | None = None,
        scope: str = "read write",
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A token as auth would sign it; `header` and `claims` bend it."""
        now = int(time.time())
        roles = {LedgerId(account): Role.OWNER} if ledgers is None else ledgers
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(account),
            "sid": str(uuid4()),
            "scope": scope,
            "epoch": 0,
            "iat": now,
            "exp": now + 600,
            "ledgers": {str(ledger): role for ledger, role in roles.items()},
        }
        headers = {"kid": self.kid, "typ": ACCESS_TYPE, **(header or {})}
        return jwt.encode(payload | claims, self.key, algorithm="ES256", headers=headers)

    def new_account(self, currency: str = "EUR", time_zone: str = "Europe/Berlin", locale: str = "en-GB") -> UserId:
        """A new account with its personal ledger."""
        account = UserId(uuid4())
        self.ledgers[account] = {
            "id": str(account),
            "currency": currency,
            "time_zone": time_zone,
            "locale": locale,
        }
        return account

    def jwks(self) -> dict[str, Any]:
        """The key as auth publishes it."""
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [jwk | {"kid": self.kid, "use": "sig", "alg": "ES256"}]}

    def app(self) -> FastAPI:
        """What other services ask of auth."""
        app = FastAPI()

        @app.get("/.well-known/jwks.json")
        async def jwks() -> dict[str, Any]:
            return self.jwks()

        @app.get("/internal/ledgers/{ledger}")
        async def opened(ledger: LedgerId) -> dict[str, str]:
            if ledger not in self.ledgers:
                raise HTTPException(404)
            return self.ledgers[ledger]

        return app

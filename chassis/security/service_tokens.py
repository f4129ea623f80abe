"""Short-lived tokens between services: HS256 with a key for each pair, accepted under `/internal` only."""

import time
from collections.abc import Mapping

import jwt
from pydantic import SecretStr

from chassis.errors import Unauthenticated
from chassis.security.access_tokens import LEEWAY
from contracts.identity import SERVICE_TYPE

LIFETIME = 60
"""Lifetime of a service token in seconds."""


class MissingServiceKeyError(LookupError):
    """This process has no key for calls to that service."""

    def __init__(self, pair: str) -> None:
        super().__init__(f"SERVICE_KEYS has no key {pair}. Run this with the environment of the service.")


class ServiceTokens:
    """Issues tokens for this service's calls, and verifies those of its callers."""

    def __init__(self, name: str, keys: Mapping[str, SecretStr]) -> None:
        self._name = name
        self._keys = {pair: key.get_secret_value() for pair, key in keys.items()}

    def issue(self, callee: str) -> str:
        """Returns a token for one call to a service. Raises MissingServiceKeyError."""
        pair, now = f"{self._name}>{callee}", int(time.time())
        if pair not in self._keys:
            raise MissingServiceKeyError(pair)
        claims = {"iss": self._name, "aud": callee, "iat": now, "exp": now + LIFETIME}
        return jwt.encode(claims, self._keys[pair], algorithm="HS256", headers={"typ": SERVICE_TYPE})

    def caller(self, token: str) -> str:
        """Returns the name of the calling service. Raises Unauthenticated."""
        try:
            if jwt.get_unverified_header(token).get("typ") != SERVICE_TYPE:
                raise Unauthenticated
            name = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
            key = self._keys.get(f"{name}>{self._name}")
            if key is None:
                raise Unauthenticated
            jwt.decode(
                token,
                key,
                algorithms=["HS256"],
                audience=self._name,
                issuer=name,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated from error
        return name

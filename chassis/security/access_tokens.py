"""Verifies access tokens with the public keys that auth publishes, and nothing else to look up."""

import threading
import time
from typing import Any, Protocol

import jwt
import urllib3
from pydantic import ValidationError

from chassis.errors import Unauthenticated, Unavailable
from chassis.process.clock import CLOCK_DIFFERENCE
from contracts.identity import ACCESS_TYPE, AUDIENCE, ISSUER, SIGNATURE, Claims

REFRESH_AFTER = 300.0
"""Seconds after which the keys are asked for again; a rotated key overlaps for longer than that."""
RETRY_AFTER = 5.0
"""Seconds between two tries, so that tokens with unknown key ids cannot make us flood auth."""
PATIENCE = 1.0
"""Seconds for which others wait while one of them asks; however many come, they do not pile up behind a slow auth."""
LEEWAY = int(CLOCK_DIFFERENCE.total_seconds())
"""Seconds by which a token may seem to be signed in the future, or to be over. One from further ahead is refused."""


class Keys(Protocol):
    """Where public keys come from: over HTTP for all, from its own hands in auth."""

    def cached(self, kid: str) -> Any | None:  # noqa: ANN401 - PyJWT's key types have no common base
        """The key if it is at hand; never waits."""

    def get(self, kid: str) -> Any | None:  # noqa: ANN401 - as above
        """The key, wherever it has to be fetched from."""


class KeySet:
    """The JWKS of auth, cached; one refresh at a time, and stale keys serve while it runs and while auth is away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=2), retries=False)
        self._keys: dict[str, Any] = {}
        self._fetched = self._tried = float("-inf")
        self._asking = threading.Lock()
        self._asked = 0

    def cached(self, kid: str) -> Any | None:  # noqa: ANN401 - PyJWT's key types have no common base
        """The key if it is known and fresh; never waits."""
        fresh = time.monotonic() - self._fetched < REFRESH_AFTER
        return self._keys.get(kid) if fresh else None

    def get(self, kid: str) -> Any | None:  # noqa: ANN401 - as above
        """The key, asking auth where needed. Raises Unavailable where no key was ever had."""
        if (key := self.cached(kid)) is not None:
            return key
        asked = self._asked
        # Whoever has a key at hand, if an old one, does not wait for another's question; the others share its answer.
        if self._asking.acquire(timeout=0 if kid in self._keys else PATIENCE):
            try:
                if self._asked == asked and time.monotonic() - self._tried >= RETRY_AFTER:
                    self._refresh()
                    self._asked += 1
            finally:
                self._asking.release()
        if not self._keys:
            msg = "Sign-ins cannot be checked just now."
            raise Unavailable(msg)
        return self._keys.get(kid)

    def _refresh(self) -> None:
        try:
            answer = self._http.request("GET", self._url)
            found = jwt.PyJWKSet.from_dict(answer.json()) if answer.status == 200 else None  # noqa: PLR2004
        except (urllib3.exceptions.HTTPError, ValueError, jwt.PyJWTError):
            found = None
        if found is None:
            self._tried = time.monotonic() if self._keys else float("-inf")
            return
        self._keys = {key.key_id: key.key for key in found.keys if key.key_id}
        self._fetched = self._tried = time.monotonic()


class AccessVerifier:
    """Checks signature, type, issuer, audience and life of access tokens."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    def verify(self, token: str) -> Claims:
        """What the token claims. Raises Unauthenticated, or Unavailable before the first keys are had."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != ACCESS_TYPE or header.get("alg") != SIGNATURE:
                raise Unauthenticated
            key = self.keys.get(str(header.get("kid", "")))
            if key is None:
                raise Unauthenticated
            return Claims.model_validate(_decode(token, key))
        except (jwt.PyJWTError, ValidationError, ValueError) as error:
            raise Unauthenticated from error


def seconds_left(claims: Claims, now: float) -> float:
    """Seconds until a token expires, never more than it lives in all: the clock may have been put back since."""
    return min(max(claims.exp - now, 0.0), float(claims.exp - claims.iat))


def is_current(claims: Claims, now: float) -> bool:
    """Whether a token that was verified before would be again: it has not expired, and is not from the future."""
    return claims.iat - LEEWAY <= now < claims.exp


def _decode(token: str, key: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return jwt.decode(
        token,
        key,
        algorithms=[SIGNATURE],
        audience=AUDIENCE,
        issuer=ISSUER,
        leeway=LEEWAY,
        options={"require": ["exp", "iat", "iss", "aud", "sub"]},
    )

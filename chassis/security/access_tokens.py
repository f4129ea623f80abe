"""Verifies access tokens with the public keys that auth publishes, without any other lookup."""

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
"""Seconds after which keys are fetched again; a rotated key overlaps for longer."""
RETRY_AFTER = 5.0
"""Seconds between two attempts, so that tokens with unknown key ids cannot flood auth with requests."""
WAIT_TIMEOUT = 1.0
"""Seconds that other threads wait while one fetches the keys, so that requests do not pile up behind a slow auth."""
LEEWAY = int(CLOCK_DIFFERENCE.total_seconds())
"""Seconds by which `iat` may lie in the future or `exp` in the past."""


class KeySource(Protocol):
    """Source of public keys: HTTP in every service but auth, which has its own."""

    def cached(self, kid: str) -> Any | None:  # noqa: ANN401 - PyJWT's key types have no common base
        """Returns the key if it is cached; never waits."""

    def get(self, kid: str) -> Any | None:  # noqa: ANN401 - as above
        """Returns the key, fetched if needed."""


class KeySet:
    """The JWKS of auth, cached. One refresh at a time; stale keys serve meanwhile, and while auth is unavailable."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=2), retries=False)
        self._keys: dict[str, Any] = {}
        self._fetched_at = self._attempted_at = float("-inf")
        self._refreshing = threading.Lock()
        self._refreshes = 0

    def cached(self, kid: str) -> Any | None:  # noqa: ANN401 - PyJWT's key types have no common base
        """Returns the key if it is known and fresh; never waits."""
        fresh = time.monotonic() - self._fetched_at < REFRESH_AFTER
        return self._keys.get(kid) if fresh else None

    def get(self, kid: str) -> Any | None:  # noqa: ANN401 - as above
        """Returns the key, fetched from auth if needed. Raises Unavailable if no keys were ever fetched."""
        if (key := self.cached(kid)) is not None:
            return key
        refreshes = self._refreshes
        # A thread with a stale key does not wait for another thread's refresh; threads without one share its result.
        if self._refreshing.acquire(timeout=0 if kid in self._keys else WAIT_TIMEOUT):
            try:
                if self._refreshes == refreshes and time.monotonic() - self._attempted_at >= RETRY_AFTER:
                    self._refresh()
                    self._refreshes += 1
            finally:
                self._refreshing.release()
        if not self._keys:
            msg = "Sign-ins cannot be checked just now."
            raise Unavailable(msg)
        return self._keys.get(kid)

    def _refresh(self) -> None:
        try:
            response = self._http.request("GET", self._url)
            key_set = jwt.PyJWKSet.from_dict(response.json()) if response.status == 200 else None  # noqa: PLR2004
        except (urllib3.exceptions.HTTPError, ValueError, jwt.PyJWTError):
            key_set = None
        if key_set is None:
            self._attempted_at = time.monotonic() if self._keys else float("-inf")
            return
        self._keys = {key.key_id: key.key for key in key_set.keys if key.key_id}
        self._fetched_at = self._attempted_at = time.monotonic()


class AccessVerifier:
    """Checks signature, type, issuer, audience and life of access tokens."""

    def __init__(self, keys: KeySource) -> None:
        self.keys = keys

    def verify(self, token: str) -> Claims:
        """Returns the token's claims. Raises Unauthenticated, or Unavailable before the first keys were fetched."""
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
    """Seconds until a token expires, at most its whole lifetime: the clock may have been set back."""
    return min(max(claims.exp - now, 0.0), float(claims.exp - claims.iat))


def is_current(claims: Claims, now: float) -> bool:
    """Whether a verified token is still valid: not expired, and not issued in the future."""
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

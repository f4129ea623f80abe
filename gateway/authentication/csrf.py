"""CSRF protection: a browser has to prove the origin of an unsafe request with cookies."""

from collections.abc import Mapping

from chassis.errors import Forbidden
from contracts.cookies import SessionCookies
from contracts.headers import CLIENT
from gateway.authentication.sessions import cookie
from gateway.routes import SAFE_METHODS, SETS_COOKIES

_CLIENT = CLIENT.lower().encode()


class CrossSiteRequest(Forbidden):
    """A browser's request does not prove that it comes from this installation."""

    slug = "cross-site"


class CrossSiteGuard:
    """Refuses unsafe requests with cookies that another site's page may have caused."""

    def __init__(self, cookies: SessionCookies, own: str, allowed: frozenset[str]) -> None:
        self._names = (cookies.access.encode(), cookies.refresh.encode())
        self._origins = frozenset(origin.encode() for origin in {own, *allowed})
        # On http at home the same instance has several names: localhost, an address, a host name.
        self._accepts_own_host = not cookies.secure

    def check(self, method: str, path: str, fields: Mapping[bytes, bytes]) -> None:
        """Raises CrossSiteRequest. Programs other than browsers send neither Origin nor Sec-Fetch-Site, and pass."""
        if method in SAFE_METHODS or (b"origin" not in fields and b"sec-fetch-site" not in fields):
            return
        if path not in SETS_COOKIES and not self._carries_cookie(fields.get(b"cookie", b"")):
            return
        if not fields.get(_CLIENT):
            raise CrossSiteRequest(f"A browser has to send the header {CLIENT} with this.")
        if not self._is_ours(fields.get(b"origin", b""), fields.get(b"host", b"")):
            raise CrossSiteRequest("This page is not one of those that may do that here.")

    def _carries_cookie(self, header: bytes) -> bool:
        return any(cookie(header, name) for name in self._names)

    def _is_ours(self, origin: bytes, host: bytes) -> bool:
        if origin.lower() in self._origins:
            return True
        return self._accepts_own_host and bool(host) and origin.lower() == b"http://" + host.lower()

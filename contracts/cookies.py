"""The two session cookies: their names follow from the address at which people reach Outlay (`OUTLAY_PUBLIC_URL`)."""

from typing import NamedTuple
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


class SessionCookies(NamedTuple):
    """Names of the cookies. auth sets them, the gateway reads them; no others are ever looked at."""

    access: str
    refresh: str
    secure: bool
    """Whether they travel over https alone."""


def session_cookies(public_url: str) -> SessionCookies:
    """The cookies at this address. Raises ValueError where it is no http or https address, or more than that.

    `__Host-` is the browser's own promise that no other host and no plain http page has set a cookie. Without
    https there is no such promise; then the port in the name keeps apart what runs on other ports of the host.
    """
    address = urlsplit(public_url)
    more = address.path.strip("/") or address.query or address.fragment or "@" in address.netloc
    if address.scheme not in _PORTS or not address.hostname or more:
        raise ValueError("the public address must look like https://outlay.example or http://localhost:8000")
    port = address.port or _PORTS[address.scheme]
    if address.scheme == "https":
        return SessionCookies("__Host-outlay_access", "__Host-outlay_refresh", secure=True)
    return SessionCookies(f"outlay_access_{port}", f"outlay_refresh_{port}", secure=False)

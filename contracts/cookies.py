"""The two session cookies. Their names depend on the public URL of the installation (`OUTLAY_PUBLIC_URL`)."""

from typing import NamedTuple
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


class SessionCookies(NamedTuple):
    """Names of the cookies. auth sets them and the gateway reads them; all others are ignored."""

    access: str
    refresh: str
    secure: bool
    """Whether browsers send them over https only."""


def session_cookies(public_url: str) -> SessionCookies:
    """Returns the cookies of a public URL. Raises ValueError if it is not http or https, or has a path or query.

    The prefix `__Host-` is the browser's guarantee that no other host and no plain http page has set a cookie. Without
    https there is no such guarantee; then the port in the name separates installations on other ports of the host.
    """
    address = urlsplit(public_url)
    more = address.path.strip("/") or address.query or address.fragment or "@" in address.netloc
    if address.scheme not in _PORTS or not address.hostname or more:
        raise ValueError("the public address must look like https://outlay.example or http://localhost:8000")
    port = address.port or _PORTS[address.scheme]
    if address.scheme == "https":
        return SessionCookies("__Host-outlay_access", "__Host-outlay_refresh", secure=True)
    return SessionCookies(f"outlay_access_{port}", f"outlay_refresh_{port}", secure=False)

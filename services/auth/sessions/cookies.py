"""The two session cookies, which scripts cannot read."""

from datetime import timedelta

from fastapi import Response

from contracts.cookies import SessionCookies
from services.auth.settings import ACCESS_TOKEN_LIFETIME


class CookieJar:
    """Sets and clears the cookies with the attributes of this installation.

    Headers are built here because Starlette supports `Partitioned` only from Python 3.14. Tokens need no quoting.
    """

    def __init__(self, names: SessionCookies, *, cross_site: bool) -> None:
        self.names = names
        site = ("SameSite=None", "Partitioned") if cross_site else ("SameSite=Strict",)
        self._attributes = ("Path=/", "HttpOnly", *site, *(("Secure",) if names.secure else ()))

    def fill(self, response: Response, access_token: str, refresh_token: str | None, lasts: timedelta) -> None:
        """Sets both cookies for the lifetime of their tokens. Without a refresh token its cookie stays unchanged."""
        self._set(response, self.names.access, access_token, ACCESS_TOKEN_LIFETIME)
        if refresh_token is not None:
            self._set(response, self.names.refresh, refresh_token, lasts)

    def empty(self, response: Response) -> None:
        """Deletes both cookies."""
        for name in (self.names.access, self.names.refresh):
            self._set(response, name, "", timedelta(0))

    def _set(self, response: Response, name: str, value: str, life: timedelta) -> None:
        attributes = (f"{name}={value}", f"Max-Age={int(life.total_seconds())}", *self._attributes)
        response.headers.append("set-cookie", "; ".join(attributes))

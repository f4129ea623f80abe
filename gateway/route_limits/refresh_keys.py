"""Rate-limit keys of requests to refresh a session: by session, and separate from all other requests.

Behind a proxy that is not trusted, all clients share one address. Attempts to guess passwords there, and refreshes
without a token, must not use up the limit of valid sessions.
"""

import re
from collections.abc import Mapping

from contracts.cookies import SessionCookies
from gateway.authentication.sessions import cookie
from gateway.client_addresses import network_key

_TOKEN = re.compile(rb"([0-9a-f]{32})\.[0-9]{1,9}\.[A-Za-z0-9_-]{43}")
"""The form of auth's refresh tokens, which begin with the session's id. Only auth can verify them."""


class RefreshKeys:
    """Rate-limit keys of refreshes."""

    def __init__(self, cookies: SessionCookies) -> None:
        self._cookie = cookies.refresh.encode()

    def session(self, fields: Mapping[bytes, bytes], address: str) -> str:
        """For GATEWAY_REFRESH_LIMIT: the session that the cookie names, or the address if the cookie names none."""
        match = _TOKEN.fullmatch(cookie(fields.get(b"cookie", b""), self._cookie))
        return f"session:{match[1].decode()}" if match else f"no-session:{network_key(address)}"

    def caller(self, fields: Mapping[bytes, bytes], address: str) -> str:
        """For GATEWAY_RATE_LIMIT, which bounds made-up sessions by address."""
        key = self.session(fields, address)
        return f"refresh:{network_key(address)}" if key.startswith("session:") else key

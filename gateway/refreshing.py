"""How requests to refresh a session are counted: by session, and never together with anything else.

Behind a proxy that is not named, everybody has one address. Those who go on with a session must not be stopped there
by those who guess passwords, nor by those who refresh without a token at all.
"""

import re
from collections.abc import Mapping

from contracts.cookies import SessionCookies
from gateway.addresses import caller_at
from gateway.sessions import cookie

_TOKEN = re.compile(rb"([0-9a-f]{32})\.[0-9]{1,9}\.[A-Za-z0-9_-]{43}")
"""The form of auth's refresh tokens, which begin with the session's id. Whether one is genuine, auth says."""


class RefreshKeys:
    """Keys under which refreshes are counted."""

    def __init__(self, cookies: SessionCookies) -> None:
        self._cookie = cookies.refresh.encode()

    def session(self, fields: Mapping[bytes, bytes], address: str) -> str:
        """For GATEWAY_REFRESH_LIMIT: the session that the cookie names; without one, a key of the address."""
        found = _TOKEN.fullmatch(cookie(fields.get(b"cookie", b""), self._cookie))
        return f"session:{found[1].decode()}" if found else f"no-session:{caller_at(address)}"

    def caller(self, fields: Mapping[bytes, bytes], address: str) -> str:
        """For GATEWAY_RATE_LIMIT, which bounds by address how many sessions can be made up."""
        key = self.session(fields, address)
        return f"refresh:{caller_at(address)}" if key.startswith("session:") else key

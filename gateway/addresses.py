"""Who a client is when it has not signed in: its network address."""

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

_HOME = 64
"""Bits of an IPv6 address that one household or server has to itself; below them it picks what it likes."""


def address_of(scope: Scope) -> str:
    """The address of the client, or of the nearest proxy that the server was not told to believe."""
    client = scope.get("client")
    return client[0] if client else "unknown"


@lru_cache(maxsize=10_000)
def caller_at(address: str) -> str:
    """The key under which that address is counted."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return f"address:{address}"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return f"address:{parsed.ipv4_mapped}"
        return f"address:{IPv6Network((parsed, _HOME), strict=False)}"
    return f"address:{parsed}"

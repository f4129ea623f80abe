"""The client's IP address behind trusted proxies, and the rate-limit key of anonymous clients."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_IPV6_PREFIX = 64
"""Bits of the IPv6 prefix of one customer, who chooses the rest freely."""
_FORWARDED_FOR = b"x-forwarded-for"
_CACHE_SIZE = 10_000


class TrustedProxies:
    """The proxies whose `X-Forwarded-For` is trusted (`GATEWAY_TRUSTED_PROXIES`).

    Each hop appends the address of its client to `X-Forwarded-For`. So the list is read from its end,
    for as long as its writer is trusted; clients can forge everything before that.
    """

    def __init__(self, networks: frozenset[Network]) -> None:
        self._networks = networks
        self._resolved = lru_cache(maxsize=_CACHE_SIZE)(self._resolve)

    def address_of(self, scope: Scope) -> str:
        """Returns the client's address, or that of the nearest hop that is not trusted."""
        client = scope.get("client")
        peer: str = client[0] if client else "unknown"
        if not self._networks:
            return peer
        # A proxy may add a separate field instead of extending the client's: together they are one list.
        forwarded = b",".join(value for name, value in scope["headers"] if name == _FORWARDED_FOR)
        return self._resolved(peer, forwarded)

    def trusts(self, address: str) -> bool:
        """Whether the address belongs to a trusted proxy."""
        hop = _parsed(address) if self._networks else None
        return hop is not None and self._trusts(hop)

    def _resolve(self, peer: str, forwarded: bytes) -> str:
        hop = _parsed(peer)
        hops = forwarded.decode("latin-1").split(",") if forwarded else []
        while hops and hop is not None and self._trusts(hop):
            before = _parsed(hops.pop())
            if before is None:
                break
            hop = before
        return peer if hop is None else str(hop)

    def _trusts(self, hop: Address) -> bool:
        return any(hop in network for network in self._networks)


def _parsed(text: str) -> Address | None:
    """Parses an address, which some proxies write with a port; an IPv4-mapped IPv6 address becomes IPv4."""
    text = text.strip().partition("%")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


@lru_cache(maxsize=_CACHE_SIZE)
def network_key(address: str) -> str:
    """Returns the rate-limit key of an address."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return f"address:{IPv6Network((parsed, _IPV6_PREFIX), strict=False)}"
    return f"address:{parsed or address}"

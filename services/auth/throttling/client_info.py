"""The client of a request: its device and IP address."""

from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import NamedTuple, Self

from contracts.headers import ADDRESS, LOOPBACK

MAX_DEVICE_LENGTH = 200
_IPV6_PREFIX = 64
"""Bits of an IPv6 prefix that a provider assigns; its holder chooses the rest freely."""


class ClientInfo(NamedTuple):
    """What a request says of where it comes from. The address is the gateway's word, the device the visitor's own."""

    device: str | None
    address: str | None
    is_local: bool = False
    """Whether the request came from the machine itself, and nothing else reaches it; the gateway's word, too."""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """The visitor behind a request."""
        device = headers.get("user-agent", "")[:MAX_DEVICE_LENGTH] or None
        return cls(device, read_address(headers.get(ADDRESS, "")), headers.get(LOOPBACK) == "true")


def read_address(text: str) -> str | None:
    """An IP address as it is kept: in one spelling, without the name of an interface. None for anything else."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Address(int(found))
    return str(found)


def network_prefix(address: str) -> str:
    """What counts as one place: an IPv4 address, or all that share the first half of an IPv6 one."""
    if isinstance(ip_address(address), IPv6Address):
        return str(IPv6Network((address, _IPV6_PREFIX), strict=False))
    return address

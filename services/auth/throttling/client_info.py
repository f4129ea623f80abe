"""The client of a request: its device and IP address."""

from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Annotated, NamedTuple, Self

from fastapi import Depends, Request

from contracts.headers import ADDRESS, LOOPBACK

MAX_DEVICE_LENGTH = 200
_IPV6_PREFIX = 64
"""Bits of an IPv6 prefix that a provider assigns to one customer, who chooses the rest freely."""


class ClientInfo(NamedTuple):
    """The device and the IP address of a client. The gateway sets the address; the client sends the device."""

    device: str | None
    address: str | None
    is_local: bool = False
    """Whether the request came from the machine itself and nothing else reaches it. Set by the gateway."""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """Returns the client that the headers describe."""
        device = headers.get("user-agent", "")[:MAX_DEVICE_LENGTH] or None
        return cls(device, read_address(headers.get(ADDRESS, "")), headers.get(LOOPBACK) == "true")


def read_address(text: str) -> str | None:
    """Returns an IP address in its canonical form, without the name of an interface; None for anything else."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or IPv6Address(int(address))
    return str(address)


def network_prefix(address: str) -> str:
    """Returns the prefix whose addresses count as one client: an IPv4 address, or the first half of an IPv6 one."""
    if isinstance(ip_address(address), IPv6Address):
        return str(IPv6Network((address, _IPV6_PREFIX), strict=False))
    return address


async def _client_info(request: Request) -> ClientInfo:
    return ClientInfo.of(request.headers)


Client = Annotated[ClientInfo, Depends(_client_info)]
"""The client of a request, for endpoints."""

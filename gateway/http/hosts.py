"""Host names of this installation.

A page of another site can point its own name at our address (DNS rebinding); the browser then treats both as the same
origin. Such requests carry that name as `Host`, so unknown names are refused. An IP address cannot be rebound.
"""

import logging
import re
import socket
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import ip_address

from starlette.types import Scope

from gateway.errors import UnknownHost

log = logging.getLogger(__name__)

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\[\]:@/?#\s]+))(?::\d*)?")
_LOOPBACK_NAME = "localhost"
_PROXY_HEADERS = (b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip")
"""Header fields that proxies add and browsers do not."""
_MAX_NAME_LENGTH = 253
_CACHE_SIZE = 1_000


class KnownHosts:
    """Checks the `Host` of requests against the names of this installation."""

    def __init__(self, names: Iterable[str], *, refuse: bool, loopback: bool) -> None:
        """`names` are configured by the operator; the machine's own names are added.

        `loopback`: the gateway listens on this machine's loopback only.
        """
        self._loopback = loopback
        self._names = frozenset({_LOOPBACK_NAME, *machine_names(), *names})
        self._refuses = refuse
        self._has_warned = False
        self._is_known = lru_cache(maxsize=_CACHE_SIZE)(self._look_up)

    def check(self, header: bytes | None) -> None:
        """Raises UnknownHost, or only warns once. HTTP/1.0 needs no host, and no browser uses it."""
        if header is None or self._is_known(header):
            return
        name = read_host(header) or header.decode("latin-1")[:_MAX_NAME_LENGTH]
        if self._refuses:
            raise UnknownHost(name)
        if not self._has_warned:
            self._has_warned = True
            log.warning(
                "a request has an unknown host name; the next version refuses such names: put it into "
                "GATEWAY_ALLOWED_HOSTS, then set GATEWAY_HOST_CHECK=refuse",
                extra={"host": name},
            )

    def is_local(self, scope: Scope, fields: Mapping[bytes, bytes]) -> bool:
        """Whether a request came from this machine, without a header field that a proxy adds."""
        if not self._loopback or any(name in fields for name in _PROXY_HEADERS):
            return False
        host, client = read_host(fields.get(b"host", b"")), scope.get("client")
        return host is not None and _is_loopback(host) and client is not None and _is_loopback(client[0])

    def _look_up(self, header: bytes) -> bool:
        host = read_host(header)
        return host is not None and (host in self._names or is_ip_address(host))


def read_host(header: bytes) -> str | None:
    """The name or address in a `Host` header, in lower case, without port and final dot; None if it is malformed."""
    match = _HOST.fullmatch(header.decode("latin-1").strip().lower())
    if match is None:
        return None
    address, name = match.groups()
    if address is not None:
        return address if is_ip_address(address) else None
    return name.removesuffix(".") or None


def is_ip_address(host: str) -> bool:
    """Whether the host is an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == _LOOPBACK_NAME or (is_ip_address(host) and ip_address(host).is_loopback)


def machine_names() -> frozenset[str]:
    """Returns the machine's name, whole and its first part, each also with `.local` for mDNS."""
    whole = socket.gethostname().lower().removesuffix(".")
    names = {whole, whole.partition(".")[0]} - {""}
    return frozenset(names | {f"{name.removesuffix('.local')}.local" for name in names})

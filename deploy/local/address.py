"""The address of this instance: HOST, PORT and OUTLAY_PUBLIC_URL."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from deploy.local.ports import is_free
from deploy.local.refusal import RefusalError

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
EVERY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - only compared with
_ELSEWHERE = ("192.0.2.1", 9)
"""An address that no machine has, used to find the route to the network without sending anything."""


class PortTakenError(RefusalError):
    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken by another program. Stop that one, or choose another port: make run PORT={port + 1}"
        )


@dataclass(frozen=True)
class Address:
    host: str
    port: int
    public_url: str

    @classmethod
    def from_environment(cls, given: Mapping[str, str]) -> "Address":
        host, text = given.get("HOST") or "127.0.0.1", given.get("PORT") or "8000"
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**16):
            raise RefusalError(f"PORT={text} is no port: give a number from 1 to 65535.")
        port = int(text)
        return cls(host, port, given.get("OUTLAY_PUBLIC_URL") or f"http://{_name(host)}:{port}")

    @property
    def local_url(self) -> str:
        """The URL for requests from this machine."""
        host = "127.0.0.1" if self.host in EVERY_ADDRESS | LOOPBACK else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it, under a loopback name."""
        return self.host in LOOPBACK and urlsplit(self.public_url).hostname in LOOPBACK

    def require_free(self) -> None:
        if not is_free(self.host, self.port):
            raise PortTakenError(self.port)


def _name(host: str) -> str:
    """Returns the host name for browsers. Cookies and their checks are valid for one name only."""
    if host in LOOPBACK:
        return "localhost"
    if host not in EVERY_ADDRESS:
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return "localhost"
        return str(probe.getsockname()[0])

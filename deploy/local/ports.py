"""Loopback ports for inner programs, free now and outside the system's ephemeral range."""

import random
import socket

FIRST, LAST = 20000, 32000
"""Below the range that Linux and macOS use for outgoing connections, so that none of them occupies the port of a
program that is being restarted."""


def free_port() -> int:
    """Returns a loopback port on which no process listens."""
    for port in random.sample(range(FIRST, LAST), k=200):
        if is_free("127.0.0.1", port):
            return port
    raise OSError(f"no free port between {FIRST} and {LAST}")


def free_ports(count: int) -> list[int]:
    """Returns several different ports."""
    ports: list[int] = []
    while len(ports) < count:
        port = free_port()
        if port not in ports:
            ports.append(port)
    return ports


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on the port."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True

"""Ports for what runs inside: on the loopback, free now, and not handed out to anyone else by the system."""

import random
import socket

FIRST, LAST = 20000, 32000
"""Below the range from which Linux and macOS number outgoing connections: one of those must not sit on the
port of a child that is just being started again."""


def free_port() -> int:
    """Returns a loopback port on which no process listens."""
    for port in random.sample(range(FIRST, LAST), k=200):
        if is_free("127.0.0.1", port):
            return port
    raise OSError(f"no free port between {FIRST} and {LAST}")


def free_ports(count: int) -> list[int]:
    """Several, all different."""
    ports: list[int] = []
    while len(ports) < count:
        port = free_port()
        if port not in ports:
            ports.append(port)
    return ports


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True

"""Where an instance listens, and how it is called."""

import socket
from collections.abc import Iterator

import pytest

from deploy.local.address import Address, PortTakenError
from deploy.local.ports import free_port, free_ports
from deploy.local.refusal import RefusalError


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("environment", "public_url"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "9000"}, "http://localhost:9000"),
        ({"HOST": "192.0.2.7"}, "http://192.0.2.7:8000"),
        ({"HOST": "2001:db8::7"}, "http://[2001:db8::7]:8000"),
        ({"OUTLAY_PUBLIC_URL": "https://money.example", "PORT": "9000"}, "https://money.example"),
    ],
)
def test_its_name_follows_from_the_environment(environment: dict[str, str], public_url: str) -> None:
    assert Address.from_environment(environment).public_url == public_url


def test_open_to_the_network_it_is_called_by_an_address_of_this_machine() -> None:
    everywhere = ".".join("0000")
    address = Address.from_environment({"HOST": everywhere, "PORT": "9000"})

    assert everywhere not in address.public_url
    assert address.local_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000.0", "٨"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(RefusalError, match="is no port"):
        Address.from_environment({"PORT": port})


def test_a_taken_port_is_refused_with_another_one_to_try(taken_port: int) -> None:
    address = Address.from_environment({"PORT": str(taken_port)})

    with pytest.raises(PortTakenError, match=f"make run PORT={taken_port + 1}"):
        address.require_free()


def test_inner_ports_are_all_different_and_free() -> None:
    ports = free_ports(20)

    assert len(set(ports)) == 20
    for port in [*ports, free_port()]:
        socket.create_server(("127.0.0.1", port)).close()

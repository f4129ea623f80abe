import pytest

from contracts.cookies import session_cookies


def test_on_https_only_the_names_that_browsers_guard_are_used() -> None:
    assert session_cookies("https://outlay.example") == ("__Host-outlay_access", "__Host-outlay_refresh", True)


@pytest.mark.parametrize(
    ("address", "port"),
    [("http://localhost:8000", 8000), ("http://nas.local", 80), ("http://192.168.1.7:9000/", 9000)],
)
def test_on_http_the_name_carries_the_port(address: str, port: int) -> None:
    assert session_cookies(address) == (f"outlay_access_{port}", f"outlay_refresh_{port}", False)


@pytest.mark.parametrize(
    "address",
    [
        *("", "outlay.example", "ftp://outlay.example", "https://", "http://a:port", "https://a:port"),
        *("https://a.example/outlay", "https://a.example?b", "https://a.example#b", "https://ada:secret@a.example"),
    ],
)
def test_what_is_no_address_of_a_website_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"public address|port"):
        session_cookies(address)

import pytest

from services.auth.settings import Settings
from tests.support.auth import HTTP, HTTPS, Auth, MovableClock, running_auth

GOOD_FOR_30_DAYS = 30 * 86400


def attributes(line: str) -> set[str]:
    return set(line.split("; ")[1:])


@pytest.mark.parametrize(
    ("different", "names", "expected"),
    [
        ({"outlay_public_url": HTTP}, ("outlay_access_8000", "outlay_refresh_8000"), {"SameSite=Strict"}),
        (
            {"outlay_public_url": HTTPS},
            ("__Host-outlay_access", "__Host-outlay_refresh"),
            {"SameSite=Strict", "Secure"},
        ),
        (
            {"outlay_public_url": HTTPS, "gateway_cross_site": True},
            ("__Host-outlay_access", "__Host-outlay_refresh"),
            {"SameSite=None", "Partitioned", "Secure"},
        ),
    ],
    ids=["http", "https", "cross-site"],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_public_address_decides_the_cookies(
    told: Settings, different: dict[str, object], names: tuple[str, str], expected: set[str]
) -> None:
    clock = MovableClock()
    with running_auth(told.model_copy(update=different), clock) as auth:
        registered = auth.register()
        signed_in = auth.login(registered.body["user"]["email"])
        clock.forward(seconds=61)
        refreshed = auth.refresh(signed_in.refresh)
        signed_out = auth.logout(Cookie=f"{names[1]}={refreshed.refresh}")

    for answer, life in [(registered, None), (signed_in, None), (refreshed, None), (signed_out, "Max-Age=0")]:
        assert tuple(answer.set_cookies) == names
        for line, usual in zip(answer.set_cookies.values(), (600, GOOD_FOR_30_DAYS), strict=True):
            [age] = [attribute for attribute in attributes(line) if attribute.startswith("Max-Age")]
            assert attributes(line) - {age} == {"Path=/", "HttpOnly"} | expected
            assert age == life if life else usual - 5 < int(age.partition("=")[2]) <= usual
    assert registered.set_cookies[names[0]].startswith(f"{names[0]}={registered.access}; ")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_cookies_of_the_other_scheme_are_never_read(auth: Auth, told: Settings) -> None:
    token = auth.register().refresh
    with running_auth(told.model_copy(update={"outlay_public_url": HTTPS})) as on_https:
        planted = on_https.call("POST", "/api/v1/auth/refresh", Cookie=f"outlay_refresh_8000={token}")

        assert planted.status == 401
        assert on_https.refresh(token).status == 200


def test_cookies_that_cross_sites_need_https(told: Settings) -> None:
    with pytest.raises(ValueError, match="OUTLAY_PUBLIC_URL with https"):
        Settings.model_validate(told.model_dump() | {"gateway_cross_site": True})


@pytest.mark.parametrize("address", ["", "outlay.example", "ftp://outlay.example", f"{HTTPS}/outlay"])
def test_no_start_without_a_public_address(told: Settings, address: str) -> None:
    with pytest.raises(ValueError, match="outlay_public_url"):
        Settings.model_validate(told.model_dump() | {"outlay_public_url": address})

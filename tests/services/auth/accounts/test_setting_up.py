"""Only the operator of the installation becomes its administrator, even if a stranger registers first."""

from collections.abc import Iterator

import pytest

from contracts.setup import setup_token
from services.auth.cli import CliCall, build
from services.auth.cli import setup_token as show_setup_token
from services.auth.settings import Settings
from tests.support.auth import SECRET_KEY, Auth, AuthResponse, concurrently, migrate, running_auth, settings
from tests.support.databases import Databases

TOKEN = setup_token(SECRET_KEY)


@pytest.fixture(params=["open", "invite"])
def told(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings over a database without any account."""
    url = databases.copy_of("auth", migrate)
    yield settings(url, outlay_registration=request.param)
    databases.drop(url)


@pytest.fixture
def auth(told: Settings) -> Iterator[Auth]:
    with running_auth(told) as instance:
        yield instance


def is_admin(answer: AuthResponse) -> bool:
    assert answer.status == 201, answer.body
    admin: bool = answer.body["user"]["admin"]
    return admin


def test_a_stranger_who_is_first_is_no_administrator(auth: Auth, told: Settings) -> None:
    outsider = auth.register(local=False)

    if told.outlay_registration == "invite":
        assert outsider.status == 403, "there is no account yet that could have invited them"
    else:
        assert not is_admin(outsider)
    options = auth.call("GET", "/api/v1/auth/options").body
    assert (options["first"], options["administrator"]) == (told.outlay_registration == "invite", False)


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", TOKEN[:-1] + ("A" if TOKEN[-1] != "A" else "B"), "ä" * 43],
    ids=["empty", "word", "nearly", "letters"],  # pytest-xdist needs the same names in all its workers
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_made_up_token_makes_no_administrator(auth: Auth, told: Settings, token: str) -> None:
    answer = auth.register(local=False, setup=token)
    assert answer.status == 403 if told.outlay_registration == "invite" else not is_admin(answer)


def test_the_set_up_token_makes_one_administrator_after_other_accounts(auth: Auth) -> None:
    auth.register(local=False)

    answers = concurrently(*[lambda: auth.register(local=False, setup=TOKEN)] * 3)

    made = [answer.body["user"]["admin"] for answer in answers if answer.status == 201]
    assert made.count(True) == 1
    again = auth.register(local=False, setup=TOKEN)
    assert again.status == 403 or not is_admin(again)


def test_the_first_on_its_own_machine_is_the_administrator_and_the_second_is_not(auth: Auth, told: Settings) -> None:
    assert is_admin(auth.register())
    second = auth.register()
    assert second.status == 403 if told.outlay_registration == "invite" else not is_admin(second)


@pytest.mark.parametrize("told", ["open"], indirect=True)
def test_a_second_account_on_the_machine_is_an_ordinary_one(auth: Auth) -> None:
    assert not is_admin(auth.register(local=False))
    assert not is_admin(auth.register())


def test_the_command_shows_the_link_until_there_is_an_administrator(auth: Auth, told: Settings) -> None:
    parts = build(told)
    call = CliCall(parts, None)  # type: ignore[arg-type]  # it was asked for nothing
    assert next(show_setup_token(call)) == f"http://localhost:8000/#setup={TOKEN}"
    assert is_admin(auth.register(setup=TOKEN))
    with pytest.raises(SystemExit, match="already"):
        next(show_setup_token(call))
    parts.database.close()

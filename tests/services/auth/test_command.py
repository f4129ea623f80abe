"""The operator's command, as it is called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.auth.settings import Settings
from tests.support.auth import HTTP, SECRET_KEY, Auth, unused_email

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment(told: Settings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": told.database_url.get_secret_value(),
        "REDIS_URL": told.redis_url.get_secret_value(),
        "OUTLAY_PUBLIC_URL": HTTP,
        "OUTLAY_SECRET_KEY": SECRET_KEY,
        "EXPENSES_URL": told.expenses_url,
        "INSIGHTS_URL": told.insights_url,
    }


def outlay_auth(environment: dict[str, str], *words: str, code: int = 0) -> list[str]:
    """The lines that it says."""
    command = [sys.executable, "-m", "services.auth.cli", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    return (done.stderr if code else done.stdout).splitlines()


def test_it_lists_accounts(auth: Auth, environment: dict[str, str]) -> None:
    first, second = auth.register().body["user"], auth.register().body["user"]

    lines = outlay_auth(environment, "accounts")

    assert lines[0].startswith(first["id"])
    assert lines[0].endswith(f"{first['email']}  (administrator)")
    assert any(line.endswith(second["email"]) for line in lines)


def test_it_makes_a_link_for_a_forgotten_password(auth: Auth, environment: dict[str, str]) -> None:
    address = unused_email()
    here = auth.register(address)

    page, _, token = outlay_auth(environment, "reset-link", address.upper())[0].partition("#")

    assert page == f"{HTTP}/reset-password"
    sent = {"token": token, "password": "another long walk"}
    assert auth.call("POST", "/api/v1/auth/reset", sent).status == 204
    assert auth.refresh(here.refresh).status == 401
    assert auth.login(address, "another long walk").status == 200


@pytest.mark.parametrize("address", ["unknown@example.org", "unknown"])
@pytest.mark.parametrize("word", ["reset-link", "make-admin"])
def test_for_an_unknown_account_it_does_nothing(
    auth: Auth, environment: dict[str, str], word: str, address: str
) -> None:
    assert len(outlay_auth(environment, word, address, code=1)) == 1


def test_it_makes_administrators(auth: Auth, environment: dict[str, str]) -> None:
    auth.register()
    address = unused_email()
    auth.register(address)
    assert auth.login(address).body["user"]["admin"] is False

    outlay_auth(environment, "make-admin", address.upper())

    assert auth.login(address).body["user"]["admin"] is True


def test_it_invites(auth: Auth, environment: dict[str, str]) -> None:
    auth.register()

    page, _, token = outlay_auth(environment, "invite")[0].partition("#")

    assert page == f"{HTTP}/sign-up"
    assert auth.register(invitation=token).status == 201


def test_it_publishes_the_next_key_and_no_user_is_signed_out(auth: Auth, environment: dict[str, str]) -> None:
    here = auth.register()

    first, again = outlay_auth(environment, "rotate-keys"), outlay_auth(environment, "rotate-keys")

    assert first == again
    assert auth.get("/api/v1/auth/me", here.access).status == 200
    assert auth.refresh(here.refresh).status == 200


def test_under_another_secret_key_it_says_so(auth: Auth, environment: dict[str, str]) -> None:
    auth.register()
    other = environment | {"OUTLAY_SECRET_KEY": SECRET_KEY[::-1]}

    assert "OUTLAY_SECRET_KEY" in outlay_auth(other, "rotate-keys", code=1)[0]


def test_without_settings_it_says_what_is_missing() -> None:
    assert "outlay_secret_key" in "\n".join(outlay_auth({"PATH": os.environ["PATH"]}, "accounts", code=1))

"""`make demo`: runs Outlay with a sample account, created and filled through the public API."""

import functools
import hashlib
import json
import secrets
import sys
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from contracts.setup import setup_token
from deploy.local import sample
from deploy.local.address import Address
from deploy.local.home import Home, UnreadableFileError
from deploy.local.output import Output
from deploy.local.refusal import RefusalError, plainly
from deploy.local.stack import run
from deploy.private_file import write_private

EMAIL = "demo@outlay.example"
CHUNK = 500
"""The API's limit of a batch."""


@dataclass(frozen=True)
class DemoAccount:
    """State that `make demo` stores between runs, so that the sample is loaded once and completely."""

    password: str
    until: str
    loaded: bool = False


def load(address: Address, home: Home, output: Output) -> None:
    """Prints how to sign in to an account with two years of payments."""
    try:
        account = _account(address, home, output)
    except urllib.error.HTTPError as error:
        detail = error.read(500).decode(errors="replace")
        raise RefusalError(f"The sample could not be loaded: {error.code} {detail}") from error
    output.announce(
        f"Outlay is ready, with a sample account: {address.public_url}\n"
        f"  email     {EMAIL}\n"
        f"  password  {account.password}"
    )


def _account(address: Address, home: Home, output: Output) -> DemoAccount:
    """Creates the account if needed, and loads the sample unless it is complete."""
    account = remembered(home)
    token = _sign_in(address, account)
    if token is None:
        account = replace(_new_account(), password=account.password)
        _remember(home, account)
        token = _register(address, home, account)
    if not account.loaded:
        _fill(address, token, date.fromisoformat(account.until), output)
        _remember(home, replace(account, loaded=True))
    return account


def _fill(address: Address, token: str, until: date, output: Output) -> None:
    """Loads the sample in chunks. Each has a key derived from its content, so a repeated chunk has no effect."""
    payments = sample.payments(until)
    for start in range(0, len(payments), CHUNK):
        chunk = payments[start : start + CHUNK]
        key = hashlib.sha256(json.dumps(chunk).encode()).hexdigest()[:32]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"sample-{key}"}
        _post(address, "/api/v1/expenses/batch", {"create": chunk}, **headers)
        output.say("outlay", f"loaded {start + len(chunk):,} of {len(payments):,} sample payments")


def _sign_in(address: Address, account: DemoAccount) -> str | None:
    body = {"email": EMAIL, "password": account.password}
    try:
        token: str = _post(address, "/api/v1/auth/login", body)["access_token"]
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.UNAUTHORIZED:
            return None
        raise
    return token


def _register(address: Address, home: Home, account: DemoAccount) -> str:
    place = {"currency": "EUR", "time_zone": "Europe/Dublin", "locale": "en-IE"}
    body = {"email": EMAIL, "password": account.password, "name": "Robin Sample"} | place
    body["setup"] = setup_token(home.secrets().secret_key)
    token: str = _post(address, "/api/v1/auth/register", body)["access_token"]
    return token


def _post(address: Address, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - always our own http address
        address.local_url + path,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - as above
        decoded: dict[str, Any] = json.load(response)
        return decoded


def remembered(home: Home) -> DemoAccount:
    file = home.path / "demo.json"
    if not file.exists():
        return _new_account()
    try:
        stored = json.loads(file.read_text("utf-8"))
        return DemoAccount(stored["password"], stored["until"], stored.get("loaded", False))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        advice = f"Stop the demo and delete {home.path}; the next `make demo` makes another sample."
        raise UnreadableFileError(file, advice) from error


def _remember(home: Home, account: DemoAccount) -> None:
    write_private(home.path / "demo.json", json.dumps(asdict(account), indent=2) + "\n")


def _new_account() -> DemoAccount:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    return DemoAccount(password, until=datetime.now(UTC).date().isoformat())


if __name__ == "__main__":
    sys.exit(plainly(functools.partial(run, ".outlay/demo", load)))

"""Tokens between services, checked by clocks that differ a little, and not by clocks that differ much."""

import secrets
import time

import pytest
from pydantic import SecretStr

from chassis.errors import Unauthenticated
from chassis.security.access_tokens import LEEWAY
from chassis.security.service_tokens import LIFETIME, ServiceTokens

KEYS = {"insights>expenses": SecretStr(secrets.token_hex(32))}


def sent(monkeypatch: pytest.MonkeyPatch, *, ahead: float) -> str:
    """A token by a service whose clock is that many seconds ahead of ours."""
    now = time.time()
    with monkeypatch.context() as patched:
        patched.setattr("time.time", lambda: now + ahead)
        return ServiceTokens("insights", KEYS).issue("expenses")


@pytest.mark.parametrize("ahead", [LEEWAY - 1, 0, -LIFETIME])
def test_clocks_may_differ_a_little(monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    assert ServiceTokens("expenses", KEYS).caller(sent(monkeypatch, ahead=ahead)) == "insights"


@pytest.mark.parametrize("ahead", [LEEWAY + 60, -LIFETIME - LEEWAY - 1])
def test_a_token_is_good_for_a_minute(monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    with pytest.raises(Unauthenticated):
        ServiceTokens("expenses", KEYS).caller(sent(monkeypatch, ahead=ahead))

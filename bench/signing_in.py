"""Measures whether the time of a refusal reveals that an account exists."""

import secrets
import time
from pathlib import Path

from bench.databases import NewDatabase
from bench.figures import Figures, milliseconds
from bench.programs import stack
from bench.user import BenchUser, expect
from tests.support.client import Client

PAIRS = 150


def measure(_: NewDatabase, folder: Path) -> Figures:
    """In turn, each account and each address once: so that no delay that grows with the tries plays a part."""
    known: list[float] = []
    unknown: list[float] = []
    with stack(folder, GATEWAY_TRUSTED_PROXIES="127.0.0.1") as outlay:
        base = f"http://127.0.0.1:{outlay.port}"
        users = [BenchUser(base).email for _ in range(PAIRS)]
        visitor = Client(base)
        for number, email in enumerate(users):
            stranger = f"{secrets.token_hex(8)}@outlay.example"
            pair = [(known, email), (unknown, stranger)]
            for taken, who in pair[:: -1 if number % 2 else 1]:  # the first one has no advantage
                taken.append(_refusal(visitor, who, f"198.51.100.{number}"))
    return {
        "unknown_to_known": milliseconds(unknown) / milliseconds(known),
        "known": milliseconds(known),
        "unknown": milliseconds(unknown),
    }


def _refusal(visitor: Client, email: str, address: str) -> float:
    sent = {"email": email, "password": secrets.token_hex(8)}
    began = time.perf_counter()
    expect(visitor.call("POST", "/api/v1/auth/login", sent, X_Forwarded_For=address), 401)
    return time.perf_counter() - began

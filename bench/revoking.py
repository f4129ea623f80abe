"""Measures how soon a busy gateway refuses a token that was valid a moment ago."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from bench.databases import NewDatabase
from bench.figures import Figures, percentile
from bench.programs import repeated, stack
from bench.user import PASSWORD, BenchUser, expect
from tests.support.client import Client
from tests.support.waiting import until

TIMES = 100
READERS = 8
SUMMARY = "/api/v1/summary?from=2026-01-01&to=2026-12-31"
PAUSE = 0.01
"""Seconds between two requests of one reader."""


def measure(_fresh: NewDatabase, folder: Path) -> Figures:
    """Clients read cached and computed responses meanwhile; entries arrive by stream, without waiting for the poll."""
    with stack(folder) as outlay, ExitStack() as reading:
        owner, busy = (BenchUser(f"http://127.0.0.1:{outlay.port}") for _ in range(2))
        for _reader in range(READERS):
            reading.enter_context(repeated(lambda _: expect(busy.get(SUMMARY), 200), PAUSE))
        sessions = [_ended(owner) for _ in range(TIMES)]
        members = _removed(owner)
    return {
        "session": percentile(sessions, 0.5) * 1000,
        "session_longest": max(sessions) * 1000,
        "member": percentile(members, 0.5) * 1000,
        "member_longest": max(members) * 1000,
    }


def _ended(user: BenchUser) -> float:
    """Measures the time from the response that ends a session until its token is refused."""
    signed_in = expect(user.post("/api/v1/auth/login", {"email": user.email, "password": PASSWORD}), 200)
    elsewhere = Client(user.base, signed_in.json["access_token"])
    expect(elsewhere.get(SUMMARY), 200)
    sessions = expect(elsewhere.get("/api/v1/auth/sessions"), 200).json["items"]
    session = UUID(next(item["id"] for item in sessions if item["current"]))
    expect(user.delete(f"/api/v1/auth/sessions/{session}"), 204)
    return _until_refused(elsewhere, SUMMARY)


def _removed(owner: BenchUser) -> list[float]:
    """Does the same for a member of a ledger, who is removed and added again."""
    ledger = expect(owner.post("/api/v1/ledgers", {"name": "Home"}), 201).json["id"]
    owner.token = _signed_in(owner)
    member = BenchUser(owner.base)
    account = expect(member.get("/api/v1/auth/me"), 200).json["id"]
    taken = []
    for _ in range(TIMES):
        invited = expect(owner.post(f"/api/v1/ledgers/{ledger}/invitations", {"role": "editor"}), 201)
        expect(member.post("/api/v1/invitations/accept", {"token": invited.json["token"]}), 200)
        member.token = _signed_in(member)
        expect(member.get(f"{SUMMARY}&ledger={ledger}"), 200)
        expect(owner.delete(f"/api/v1/ledgers/{ledger}/members/{account}"), 204)
        taken.append(_until_refused(member, f"{SUMMARY}&ledger={ledger}"))
        member.token = _signed_in(member)
        expect(member.get(f"{SUMMARY}&ledger={ledger}"), 404)
    return taken


def _signed_in(user: BenchUser) -> str:
    """Returns a token with the user's current roles."""
    answer = expect(user.post("/api/v1/auth/login", {"email": user.email, "password": PASSWORD}), 200)
    token: str = answer.json["access_token"]
    return token


def _until_refused(client: Client, path: str) -> float:
    began = time.perf_counter()
    refused: Callable[[], bool] = lambda: client.get(path).status == 401  # noqa: E731, PLR2004 - the well-known one
    until(refused, what="the token to be refused")
    return time.perf_counter() - began

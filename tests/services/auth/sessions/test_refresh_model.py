"""Thousands of sessions on bad lines, with two tabs, thieves, and clocks that are set (tests/support/refresh_model.py).

Ten thousand keep their rows in memory, so that they take seconds; fewer run on each database.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.process.clock import utc_now
from contracts.ids import UserId
from services.auth.identity import repository as auth_repository
from services.auth.identity.tables import AccountRow, SessionRow
from services.auth.sessions import repository as session_repository
from services.auth.sessions import rotation
from services.auth.stopwatch import Stopwatch
from tests.support.auth import migrate
from tests.support.databases import Databases
from tests.support.refresh_model import Interleaving

USUAL = ("rotated", "repeated", "kept", "answer lost", "clock set", "late predecessor", "had to end")
"""What has to have happened in at least one of a hundred, or nothing was tried."""


class MemoryStore:
    """The queries of sessions, over a dictionary. Also stands in for the transaction."""

    def __init__(self) -> None:
        self._rows: dict[UUID, SessionRow] = {}

    def add_session(self, _: Session, row: SessionRow) -> None:
        self._rows[row.id] = row

    def held_session(self, _: Session, id_: UUID) -> SessionRow | None:
        return self._rows.get(id_)

    def confirm_sessions(self, _: Session, uses: Sequence[tuple[UUID, int, datetime]]) -> None:
        for id_, generation, moment in uses:
            row = self._rows.get(id_)
            if row is not None and row.generation == generation and row.confirmed_at is None:
                row.confirmed_at = moment

    def delete_session(self, _: Session, __: UUID, id_: UUID) -> bool:
        return self._rows.pop(id_, None) is not None

    def flush(self) -> None:
        """Nothing has to be written anywhere."""


@pytest.fixture(autouse=True)
def _silent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "services.auth.sessions.sessions")


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Session:
    rows = MemoryStore()
    for name in ("add_session", "held_session", "confirm_sessions", "delete_session"):
        monkeypatch.setattr(session_repository, name, getattr(rows, name))
    return cast("Session", rows)


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    url = databases.copy_of("auth", migrate)
    opened = Database(url, durable=False)
    yield opened
    opened.close()
    databases.drop(url)


def run(session: Session, account: UserId, seeds: range) -> Counter[str]:
    """What happened in all of these interleavings."""
    counted: Counter[str] = Counter()
    for seed in seeds:
        Interleaving(session, account, seed, counted).run()
    assert counted["ended"] + counted["lived"] == len(seeds)
    assert counted["older cookie"] == 0
    return counted


def test_no_user_is_signed_out_by_a_bad_connection_and_every_old_copy_is_noticed(memory: Session) -> None:
    counted = run(memory, UserId(uuid4()), range(10_000))

    assert {name: counted[name] for name in USUAL if counted[name] < 100} == {}


def test_the_same_holds_on_databases(database: Database) -> None:
    names = {"email": "a", "email_key": "a", "password_hash": ""}
    row = AccountRow(id=uuid4(), **names, email_verified=False, epoch=0, admin=False, created_at=utc_now())
    with database.write() as session:
        auth_repository.add_account(session, row)
        counted = run(session, row.id, range(10_000, 10_300))

    assert {name: counted[name] for name in USUAL if not counted[name]} == {}


@pytest.mark.parametrize(
    ("where", "name", "broken", "complaint"),
    [
        (rotation, "ROTATION_PAUSE", timedelta(0), "no token was copied"),
        (rotation, "REPLAY_GRACE", timedelta(seconds=5), "no token was copied"),
        (rotation, "REPLAY_GRACE", timedelta(seconds=25), "is long in use"),
        (rotation.Rotation, "_may_repeat", lambda *_: True, "is long in use"),
        (rotation.Rotation, "_may_repeat", lambda *_: False, "no token was copied"),
        (session_repository, "confirm_sessions", lambda *_: None, "is long in use"),
        (Stopwatch, "age", lambda self, _, moment, __: abs(self._clock() - moment), "no token was copied"),
    ],
    ids=["no pause", "short grace", "long grace", "always", "never", "no reports", "wall clock"],
)
def test_the_model_notices_rules_that_are_wrong(
    memory: Session, monkeypatch: pytest.MonkeyPatch, where: object, name: str, broken: object, complaint: str
) -> None:
    monkeypatch.setattr(where, name, broken)

    with pytest.raises(AssertionError, match=complaint):
        run(memory, UserId(uuid4()), range(10_000))

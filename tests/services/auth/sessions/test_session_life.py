"""Sessions end by age, on a clock that the test moves."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from services.auth.identity.tables import SessionRow
from services.auth.maintenance import PruneExpiredRows
from services.auth.sessions.refresh_tokens import RefreshTokens
from services.auth.sessions.sessions import SessionLifetime, Sessions
from services.auth.settings import Settings
from services.auth.stopwatch import Stopwatch
from tests.support.auth import Auth, MovableClock, running_auth
from tests.support.clock import steady

OVER = (401, "urn:outlay:problem:session-over")


def outcome(auth: Auth, token: str) -> tuple[int, str]:
    answer = auth.refresh(token)
    return answer.status, answer.body["type"]


def test_a_session_unused_for_30_days_is_over(auth: Auth, clock: MovableClock) -> None:
    kept, forgotten = auth.register().refresh, auth.register().refresh
    clock.forward(days=29)
    kept = auth.refresh(kept).refresh
    clock.forward(days=2)

    assert auth.refresh(kept).status == 200
    assert outcome(auth, forgotten) == OVER


def test_a_session_of_180_days_is_over_however_much_it_is_used(auth: Auth, clock: MovableClock) -> None:
    token = auth.register().refresh
    for _ in range(8):
        clock.forward(days=20)
        token = auth.refresh(token).refresh
    clock.forward(days=19)
    last = auth.refresh(token)
    clock.forward(days=2)

    assert "; Max-Age=86" in last.set_cookies[auth.names.refresh]
    assert outcome(auth, last.refresh) == OVER


def test_rows_of_sessions_that_ran_out_go_away_and_no_others(told: Settings, clock: MovableClock) -> None:
    database = Database(told.database_url)
    life = SessionLifetime(timedelta(days=told.session_idle_days), timedelta(days=told.session_life_days))
    sessions = Sessions(RefreshTokens(b""), life, clock, Stopwatch(clock))
    with running_auth(told, clock) as auth:
        old = auth.register().refresh
        clock.forward(days=31)
        new = auth.register().refresh

        PruneExpiredRows(database, [sessions], steady())()

        with database.snapshot() as session:
            left = set(session.scalars(sa.select(SessionRow.id)))
        assert UUID(new.partition(".")[0]) in left
        assert UUID(old.partition(".")[0]) not in left
        assert outcome(auth, old) == OVER
        assert auth.refresh(new).status == 200
    database.close()


@pytest.mark.parametrize("hours", [2, 24 * 365], ids=["two hours", "a year"])
def test_a_session_begun_under_a_clock_that_was_ahead_goes_on_within_its_bounds(told: Settings, hours: float) -> None:
    clock = MovableClock()
    with running_auth(told, clock) as auth:
        clock.jump(hours=hours)
        token = auth.register().refresh
        clock.jump(hours=-hours)
        clock.forward(seconds=61)

        answer = auth.refresh(token)
        age = int(answer.set_cookies[auth.names.refresh].partition("Max-Age=")[2].partition(";")[0])
        assert (answer.status, age) == (200, told.session_idle_days * 86_400)
        clock.forward(days=told.session_idle_days, seconds=1)
        assert outcome(auth, answer.refresh) == OVER

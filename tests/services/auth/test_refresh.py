"""Refresh tokens on a clock that the test moves."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import Database
from services.auth.housekeeping import Forgetting
from services.auth.models import SessionRow
from services.auth.refresh_tokens import RefreshTokens
from services.auth.sessions import SessionLife, Sessions
from services.auth.settings import Settings
from tests.support.auth import Auth, Hands, at_once, running
from tests.support.clock import steady

OVER = (401, "urn:outlay:problem:session-over")


def outcome(auth: Auth, token: str) -> tuple[int, str]:
    answer = auth.refresh(token)
    return answer.status, answer.body["type"]


def test_each_refresh_gives_a_new_token_and_the_person_as_they_are_now(auth: Auth) -> None:
    first = auth.register()

    second = auth.refresh(first.refresh)
    third = auth.refresh(second.refresh)

    assert [second.status, third.status] == [200, 200]
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert third.body["user"] == first.body["user"]
    assert third.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("last_answer", ["the first", "the second"])
def test_two_tabs_that_refresh_at_once_both_stay_signed_in(auth: Auth, clock: Hands, last_answer: str) -> None:
    """Whichever answer lands last is the cookie; and both again 60 s later."""
    cookie = auth.register().refresh
    for _ in range(3):
        answers = at_once(*[lambda cookie=cookie: auth.refresh(cookie)] * 2)
        assert [answer.status for answer in answers] == [200, 200]
        cookie = answers[0 if last_answer == "the first" else 1].refresh
        clock.forward(seconds=60)


def test_many_at_once_get_one_and_the_same_successor(auth: Auth) -> None:
    cookie = auth.register().refresh

    answers = at_once(*[lambda: auth.refresh(cookie)] * 8)

    assert {answer.status for answer in answers} == {200}
    assert len({answer.refresh for answer in answers}) == 1
    assert auth.refresh(answers[0].refresh).status == 200


def test_two_instances_agree_on_the_successor(told: Settings, clock: Hands) -> None:
    with running(told, clock) as one, running(told, clock) as other:
        cookie = one.register().refresh
        answers = at_once(lambda: one.refresh(cookie), lambda: other.refresh(cookie))

        assert {answer.status for answer in answers} == {200}
        assert answers[0].refresh == answers[1].refresh


def test_the_preceding_token_is_good_for_20_seconds(auth: Auth, clock: Hands) -> None:
    first = auth.register().refresh
    second = auth.refresh(first).refresh

    clock.forward(seconds=19)
    assert auth.refresh(first).refresh == second

    clock.forward(seconds=2)
    assert outcome(auth, first) == OVER


def test_a_token_used_again_ends_the_session_for_whoever_holds_it(auth: Auth, clock: Hands) -> None:
    stolen = auth.register().refresh
    current = auth.refresh(stolen).refresh
    clock.forward(minutes=1)

    assert outcome(auth, stolen) == OVER
    assert outcome(auth, current) == OVER


def test_a_token_two_generations_old_ends_the_session_however_young_it_is(auth: Auth) -> None:
    first = auth.register().refresh
    third = auth.refresh(auth.refresh(first).refresh).refresh

    assert outcome(auth, first) == OVER
    assert outcome(auth, third) == OVER


def test_a_session_ended_by_theft_leaves_the_others_of_the_person_alone(auth: Auth) -> None:
    here = auth.register()
    there = auth.login(here.body["user"]["email"])
    auth.refresh(auth.refresh(here.refresh).refresh)

    assert outcome(auth, here.refresh) == OVER
    assert auth.refresh(there.refresh).status == 200


def test_a_forged_token_is_refused_and_ends_nothing(auth: Auth) -> None:
    token = auth.register().refresh
    family, generation, proof = token.split(".")
    forged = [
        f"{family}.{generation}.{'A' * 43}",
        f"{family}.1.{proof}",
        f"{family}.999999999.{proof}",
        f"{'0' * 32}.{generation}.{proof}",
        f"{family.upper()}.{generation}.{proof}",
        f"{token}x",
        f"{family}.٠.{proof}".encode().decode("latin-1"),
        "",
        "nonsense",
        "x" * 4000,
    ]

    assert {text: outcome(auth, text) for text in forged} == dict.fromkeys(forged, OVER)
    assert auth.refresh(token).status == 200


def test_without_the_cookie_there_is_nothing_to_refresh(auth: Auth) -> None:
    token = auth.register().refresh

    assert auth.call("POST", "/api/v1/auth/refresh").status == 401
    for name in ("outlay_refresh", "outlay_refresh_9000", "__Host-outlay_refresh", auth.names.access):
        assert auth.call("POST", "/api/v1/auth/refresh", Cookie=f"{name}={token}").status == 401
    assert auth.call("POST", "/api/v1/auth/refresh", {"refresh_token": token}).status == 401


def test_a_refused_refresh_leaves_the_cookies_alone(auth: Auth) -> None:
    assert auth.refresh("nonsense").set_cookies == {}


def test_a_session_unused_for_30_days_is_over(auth: Auth, clock: Hands) -> None:
    kept, forgotten = auth.register().refresh, auth.register().refresh
    clock.forward(days=29)
    kept = auth.refresh(kept).refresh
    clock.forward(days=2)

    assert auth.refresh(kept).status == 200
    assert outcome(auth, forgotten) == OVER


def test_a_session_of_180_days_is_over_however_much_it_is_used(auth: Auth, clock: Hands) -> None:
    token = auth.register().refresh
    for _ in range(8):
        clock.forward(days=20)
        token = auth.refresh(token).refresh
    clock.forward(days=19)
    last = auth.refresh(token)
    clock.forward(days=2)

    assert "; Max-Age=86" in last.set_cookies[auth.names.refresh]
    assert outcome(auth, last.refresh) == OVER


def test_rows_of_sessions_that_ran_out_go_away_and_no_others(told: Settings, clock: Hands) -> None:
    database = Database(told.database_url)
    life = SessionLife(timedelta(days=told.session_idle_days), timedelta(days=told.session_life_days))
    sessions = Sessions(RefreshTokens(b""), life, clock)
    with running(told, clock) as auth:
        old = auth.register().refresh
        clock.forward(days=31)
        new = auth.register().refresh

        Forgetting(database, [sessions], steady())()

        with database.snapshot() as session:
            left = set(session.scalars(sa.select(SessionRow.id)))
        assert UUID(new.partition(".")[0]) in left
        assert UUID(old.partition(".")[0]) not in left
        assert outcome(auth, old) == OVER
        assert auth.refresh(new).status == 200
    database.close()

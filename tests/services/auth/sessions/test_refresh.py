"""Refresh tokens on a clock that the test moves."""

from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest

from services.auth.settings import Settings
from tests.support.auth import Auth, MovableClock, concurrently, running_auth, service_token

OVER = (401, "urn:outlay:problem:session-over")


def outcome(auth: Auth, token: str) -> tuple[int, str]:
    answer = auth.refresh(token)
    return answer.status, answer.body["type"]


def rotate(auth: Auth, clock: MovableClock, token: str) -> str:
    """The successor, once the token is old enough to have one."""
    clock.forward(seconds=61)
    return auth.refresh(token).refresh


def report(auth: Auth, token: str, age: float = 0) -> None:
    """As a gateway does when it first sees an access token of that refresh token's generation."""
    family, generation, _ = token.split(".")
    use = {"session": str(UUID(family)), "generation": int(generation), "age": age}
    path, caller = "/internal/generation-uses", service_token("gateway")
    assert auth.signed_in("POST", path, caller, {"uses": [use]}).status == 204


def test_each_refresh_after_a_minute_gives_a_new_token_and_the_person_as_they_are_now(
    auth: Auth, clock: MovableClock
) -> None:
    first = auth.register()

    clock.forward(seconds=61)
    second = auth.refresh(first.refresh)
    clock.forward(seconds=61)
    third = auth.refresh(second.refresh)

    assert [second.status, third.status] == [200, 200]
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert third.body["user"] == first.body["user"]
    assert third.headers["cache-control"] == "no-store"


def test_an_access_token_says_with_which_generation_it_came(auth: Auth, clock: MovableClock) -> None:
    first = auth.register()
    clock.forward(seconds=61)
    second = auth.refresh(first.refresh)

    generations = [jwt.decode(one.access, options={"verify_signature": False})["gen"] for one in (first, second)]
    assert generations == [0, 1]


def test_a_token_that_was_just_handed_out_stays_and_the_answer_leaves_its_cookie_alone(
    auth: Auth, clock: MovableClock
) -> None:
    """An answer that is up to a minute late then cannot overwrite a newer cookie."""
    token = auth.register().refresh
    for _ in range(3):
        answers = [auth.refresh(token) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 200]
        assert [list(answer.set_cookies) for answer in answers] == [[auth.names.access]] * 2
        token = rotate(auth, clock, token)


@pytest.mark.parametrize("last_answer", ["the first", "the second"])
def test_two_tabs_that_refresh_at_once_both_stay_signed_in(auth: Auth, clock: MovableClock, last_answer: str) -> None:
    """Whichever answer lands last is the cookie; and both again 61 s later."""
    cookie = auth.register().refresh
    for _ in range(3):
        clock.forward(seconds=61)
        answers = concurrently(*[lambda cookie=cookie: auth.refresh(cookie)] * 2)
        assert [answer.status for answer in answers] == [200, 200]
        cookie = answers[0 if last_answer == "the first" else 1].refresh
        report(auth, cookie)


def test_many_at_once_get_one_and_the_same_successor(auth: Auth, clock: MovableClock) -> None:
    cookie = auth.register().refresh
    clock.forward(seconds=61)

    answers = concurrently(*[lambda: auth.refresh(cookie)] * 8)

    assert {answer.status for answer in answers} == {200}
    assert len({answer.refresh for answer in answers}) == 1
    assert auth.refresh(answers[0].refresh).status == 200


def test_two_instances_agree_on_the_successor(told: Settings, clock: MovableClock) -> None:
    with running_auth(told, clock) as one, running_auth(told, clock) as other:
        cookie = one.register().refresh
        clock.forward(seconds=61)
        answers = concurrently(lambda: one.refresh(cookie), lambda: other.refresh(cookie))

        assert {answer.status for answer in answers} == {200}
        assert answers[0].refresh == answers[1].refresh


@pytest.mark.parametrize("lost", [1, 3])
def test_lost_responses_sign_no_user_out(auth: Auth, clock: MovableClock, lost: int) -> None:
    """The successor was not used, so its predecessor is still good hours later."""
    first = auth.register().refresh
    for _ in range(lost):
        rotate(auth, clock, first)
        clock.forward(hours=5)

    arrived = auth.refresh(first)

    assert (arrived.status, arrived.refresh) == (200, rotate(auth, clock, first))


@pytest.mark.parametrize("proof", ["a gateway saw its access token", "it was presented"])
def test_the_preceding_token_is_good_for_20_seconds_after_the_first_use_of_its_successor(
    auth: Auth, clock: MovableClock, proof: str
) -> None:
    first = auth.register().refresh
    second = rotate(auth, clock, first)
    clock.forward(seconds=40)
    if proof == "it was presented":
        assert auth.refresh(second).status == 200
    else:
        report(auth, second)

    clock.forward(seconds=19)
    assert auth.refresh(first).refresh == second
    clock.forward(seconds=2)
    assert outcome(auth, first) == OVER
    assert outcome(auth, second) == OVER


def test_a_late_report_counts_from_when_the_gateway_saw_the_token(auth: Auth, clock: MovableClock) -> None:
    first = auth.register().refresh
    second = rotate(auth, clock, first)
    clock.forward(minutes=5)

    report(auth, second, age=21)

    assert outcome(auth, first) == OVER


def test_reports_about_other_generations_and_sessions_change_nothing(auth: Auth, clock: MovableClock) -> None:
    first = auth.register().refresh
    second = rotate(auth, clock, first)
    family, _, proof = second.split(".")

    report(auth, first, age=60)
    report(auth, f"{family}.2.{proof}", age=60)
    report(auth, f"{'0' * 32}.1.{proof}", age=60)

    assert auth.refresh(first).refresh == second


def test_only_a_gateway_reports(auth: Auth) -> None:
    session = auth.register()
    path = "/internal/generation-uses"
    for token in (service_token("expenses"), session.access, "nonsense"):
        assert auth.signed_in("POST", path, token, {"uses": []}).status == 401
    wrong: list[Any] = [[{"session": str(uuid4()), "generation": -1, "age": 0}], [{}], None]
    for uses in wrong:
        assert auth.signed_in("POST", path, service_token("gateway"), {"uses": uses}).status == 422


def test_a_token_two_generations_old_ends_the_session_however_young_it_is(auth: Auth, clock: MovableClock) -> None:
    first = auth.register().refresh
    third = rotate(auth, clock, rotate(auth, clock, first))

    assert outcome(auth, first) == OVER
    assert outcome(auth, third) == OVER


def test_a_session_ended_by_theft_leaves_the_others_of_the_person_alone(auth: Auth, clock: MovableClock) -> None:
    here = auth.register()
    there = auth.login(here.body["user"]["email"])
    rotate(auth, clock, rotate(auth, clock, here.refresh))

    assert outcome(auth, here.refresh) == OVER
    assert auth.refresh(there.refresh).status == 200


@pytest.mark.parametrize("hours", [2, -2, 24 * 365, -24 * 365])
@pytest.mark.parametrize("seen_by", ["this process", "another process"])
def test_a_clock_that_is_set_makes_no_predecessor_good_for_longer(told: Settings, hours: float, seen_by: str) -> None:
    """A moment that lies in the future holds nothing up; where this process saw it happen, the clock does not count."""
    clock = MovableClock()
    with running_auth(told, clock) as auth, running_auth(told, clock) as other:
        asked = auth if seen_by == "this process" else other
        first = auth.register().refresh
        second = rotate(auth, clock, first)
        report(auth, second)
        clock.jump(hours=hours)
        clock.forward(seconds=21)
        assert outcome(asked, first) == OVER


@pytest.mark.parametrize("seen_by", ["this process", "another process"])
def test_a_clock_that_was_ahead_keeps_no_token_from_being_replaced(told: Settings, seen_by: str) -> None:
    clock = MovableClock()
    with running_auth(told, clock) as auth, running_auth(told, clock) as other:
        asked = auth if seen_by == "this process" else other
        clock.jump(hours=2)
        first = auth.register().refresh
        clock.jump(hours=-2)
        clock.forward(seconds=61)
        assert asked.refresh(first).refresh != first


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

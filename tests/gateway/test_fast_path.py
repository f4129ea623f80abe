"""A ready answer is sent only while it is as new as the newest known revision, and only to members of the ledger."""

from typing import Any

import pytest
import redis

from chassis.response_cache.cache import ResponseCache
from contracts.identity import Role
from contracts.ids import LedgerId, UserId
from contracts.response_cache import MAX_AGE, etag_of
from tests.support.cached_responses import BYPASS, HIT, MISS, NOVEMBER, SUMMARY, status_of, store
from tests.support.client import Client
from tests.support.gateway_under_test import GatewayUnderTest


def test_a_ready_answer_is_sent_and_no_service_is_asked(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    body = store(cache, LedgerId(account))
    before = len(gateway.insights.requests)

    response = client.get(SUMMARY)

    assert status_of(response) == HIT
    assert response.body == body
    assert (response.revision, response.headers["ETag"]) == (42, etag_of(body))
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Vary"] == "Authorization, Cookie, Origin"
    assert len(gateway.insights.requests) == before


def test_nothing_ready_is_a_miss_and_names_no_unknown_revision(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()

    assert status_of(client.get(SUMMARY)) == MISS
    assert gateway.insights.last.one("outlay-wanted-revision") is None

    client.get(SUMMARY, Outlay_Min_Revision="3")
    assert gateway.insights.last.one("outlay-wanted-revision") is None
    assert gateway.insights.last.one("outlay-min-revision") == "3"


def test_insights_are_told_how_far_the_ledger_has_come(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    ResponseCache(cache).raise_head(LedgerId(account), 43)

    response = client.get("/api/v1/insights", Outlay_Min_Revision="44")

    assert "Cache-Status" not in response.headers
    assert gateway.insights.last.one("outlay-wanted-revision") == "44"
    client.get(f"/api/v1/insights?ledger={account}")
    assert gateway.insights.last.one("outlay-wanted-revision") == "43"


def test_an_answer_older_than_the_head_is_not_sent(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account), revision=42)
    ResponseCache(cache).raise_head(LedgerId(account), 43)

    assert status_of(client.get(SUMMARY)) == MISS
    assert gateway.insights.last.one("outlay-wanted-revision") == "43"


def test_an_answer_older_than_the_caller_has_seen_is_not_sent(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account), revision=42)

    assert status_of(client.get(SUMMARY, Outlay_Min_Revision="42")) == HIT
    assert status_of(client.get(SUMMARY, Outlay_Min_Revision="44")) == MISS
    assert gateway.insights.last.one("outlay-wanted-revision") == "44"


def test_an_answer_older_than_five_minutes_is_not_sent(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account), age=MAX_AGE.total_seconds() + 1)

    assert status_of(client.get(SUMMARY)) == MISS
    assert gateway.insights.last.one("outlay-wanted-revision") == "42"


@pytest.mark.parametrize("minimum", ["-1", "4.5", "x", "", "9" * 19])
def test_a_minimum_that_is_no_number_is_for_the_service_to_refuse(
    gateway: GatewayUnderTest, cache: redis.Redis, minimum: str
) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account))

    assert status_of(client.get(SUMMARY, Outlay_Min_Revision=minimum)) == BYPASS
    assert gateway.insights.last.one("outlay-min-revision") == minimum


def test_a_client_that_has_it_is_told_so(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    etag = etag_of(store(cache, LedgerId(account)))

    for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = client.get(SUMMARY, If_None_Match=condition)
        assert (response.status, response.body, response.headers["ETag"], response.revision) == (304, b"", etag, 42)
        assert response.headers["Cache-Status"] == HIT
    assert client.get(SUMMARY, If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-11-01&to=2026-11-30&from=2026-11-01",
        "from=2026-11-01&to=2026-11-30&x=1",
        "from=2026-11-01",
        "",
        "from=2026-11-01&to=2026-11-30&ledger=nonsense",
        "from=2026-11-01&to=2026-11-30&" + "x" * 300,
    ],
)
def test_only_the_canonical_question_is_answered_here(
    gateway: GatewayUnderTest, cache: redis.Redis, query: str
) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account))

    assert status_of(client.get(f"/api/v1/summary?{query}")) == BYPASS


def test_the_order_of_the_parameters_does_not_matter(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account))
    store(cache, LedgerId(account), path="/api/v1/trends", query=NOVEMBER | {"by": "day"})

    assert status_of(client.get(f"/api/v1/summary?to=2026-11-30&ledger={account}&from=2026-11-01")) == HIT
    assert status_of(client.get("/api/v1/trends?by=day&from=2026-11-01&to=2026-11-30")) == HIT
    assert status_of(client.get("/api/v1/trends?by=week&from=2026-11-01&to=2026-11-30")) == MISS


def test_where_weeks_begin_is_part_of_the_question(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    weekly = NOVEMBER | {"by": "week", "week_start": "sunday"}
    store(cache, LedgerId(account), path="/api/v1/trends", query=weekly)
    path = "/api/v1/trends?from=2026-11-01&to=2026-11-30&by=week"

    assert status_of(client.get(f"{path}&week_start=sunday")) == HIT
    assert status_of(client.get(f"{path}&week_start=monday")) == MISS
    assert status_of(client.get(path)) == MISS


def test_another_ledgers_answer_is_not_sent(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, _ = gateway.new_user()
    store(cache, LedgerId(account))
    _, stranger = gateway.new_user()
    before = len(gateway.insights.requests)

    response = stranger.get(f"{SUMMARY}&ledger={account}")

    assert status_of(response) == BYPASS
    assert response.json["service"] == "insights"
    assert gateway.insights.last.one("outlay-wanted-revision") is None
    assert len(gateway.insights.requests) == before + 1


def test_a_member_of_a_shared_ledger_gets_its_response(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    shared, _ = gateway.new_user()
    body = store(cache, LedgerId(shared))
    viewer, _ = gateway.new_user()
    roles = {LedgerId(viewer): Role.OWNER, LedgerId(shared): Role.VIEWER}
    client = Client(gateway.url, gateway.issuer.token(viewer, ledgers=roles))
    blind = Client(gateway.url, gateway.issuer.token(viewer, ledgers=roles, scope="write"))

    assert client.get(f"{SUMMARY}&ledger={shared}").body == body
    assert status_of(blind.get(f"{SUMMARY}&ledger={shared}")) == BYPASS


@pytest.mark.parametrize(
    "bent",
    [
        {"exp": 1},
        {"aud": "other"},
        {"iss": "other"},
        {"header": {"typ": "svc+jwt"}},
        {"header": {"kid": "unknown"}},
    ],
    ids=str,
)
def test_without_a_good_token_nothing_is_sent(
    gateway: GatewayUnderTest, cache: redis.Redis, bent: dict[str, Any]
) -> None:
    account, _ = gateway.new_user()
    store(cache, LedgerId(account))
    client = Client(gateway.url, gateway.issuer.token(UserId(account), **bent))

    assert status_of(client.get(SUMMARY)) == BYPASS
    assert status_of(gateway.anonymous().get(SUMMARY)) == BYPASS

"""Figures that other tests take from the code itself, and that would change unnoticed: here they are literals."""

import datetime as dt

import pytest

from chassis.database import chunked_deletes
from chassis.security import access_tokens, service_tokens
from contracts import identity, journal, response_cache
from gateway.authentication import revocations
from gateway.upstreams.circuit_breaker import CircuitBreaker
from services.auth import settings
from services.auth.signing_keys import signing_keys
from services.auth.throttling import login_throttle
from services.auth.throttling.login_throttle import ThrottlePolicy
from services.expenses.ledger import export, maintenance
from services.insights.insights import jobs
from services.insights.llm import call_slots, circuit_breaker


@pytest.mark.parametrize(
    ("figure", "literal"),
    [
        (settings.ACCESS_TOKEN_LIFETIME, dt.timedelta(minutes=10)),
        (settings.INVITATION_LIFETIME, dt.timedelta(days=7)),
        (service_tokens.LIFETIME, 60),
        (access_tokens.LEEWAY, 30),
        (revocations.RETENTION, 900),
        (signing_keys.PUBLISHED_AHEAD, dt.timedelta(minutes=10)),
        (signing_keys.PUBLISHED_AFTER, dt.timedelta(minutes=15)),
        (login_throttle.PASSWORD, ThrottlePolicy(10, dt.timedelta(minutes=5))),
        (login_throttle.NETWORK, ThrottlePolicy(30, dt.timedelta(minutes=5))),
        (login_throttle.EMAILS, ThrottlePolicy(3, dt.timedelta(hours=1))),
        (login_throttle.EMAILS_FROM_NETWORK, ThrottlePolicy(20, dt.timedelta(hours=1))),
        (identity.MAX_LEDGERS, 32),
        (journal.MAX_ENTRY_BYTES, 1_048_576),
        (journal.MAX_ANNOUNCED_BYTES, 16_384),
        (response_cache.MAX_AGE, dt.timedelta(minutes=5)),
        (maintenance.RETENTION, dt.timedelta(days=7)),
        ((export.MAX_EXPORTS, export.MAX_EXPORTS_PER_ACCOUNT), (8, 2)),
        (chunked_deletes.ROWS_AT_ONCE, 500),
        ((jobs.DEBOUNCE, jobs.MAX_DEBOUNCE), (dt.timedelta(seconds=5), dt.timedelta(seconds=30))),
        (jobs.LEASE_DURATION, dt.timedelta(seconds=75)),
        ((call_slots.MAX_CALLS, call_slots.MAX_CALLS_PER_LEDGER), (12, 3)),
        ((CircuitBreaker.FAILURES, circuit_breaker.FAILURES), (5, 3)),
    ],
)
def test_a_figure_is_what_was_decided(figure: object, literal: object) -> None:
    assert figure == literal

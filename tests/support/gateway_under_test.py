"""The gateway before services that only say what they were asked."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import redis

from chassis.redis.client import connect
from contracts.ids import UserId
from gateway.app import create
from gateway.http.protocol import Protocol
from gateway.settings import Settings
from tests.support.cache_lease import renewed_cache_lease
from tests.support.client import Client
from tests.support.identity_feed import KEYS, IdentityFeed
from tests.support.issuer import Issuer
from tests.support.serving import serving
from tests.support.stub_service import StubService
from tests.support.waiting import TIMEOUT, until

PUBLIC = "http://localhost:8000"
GENEROUS = {"gateway_rate_limit": "100000/hour", "gateway_sign_in_limit": "100000/hour"}


@dataclass
class GatewayUnderTest:
    url: str
    issuer: Issuer
    auth: StubService
    expenses: StubService
    insights: StubService
    settings: Settings

    def new_user(self, **claims: Any) -> tuple[UserId, Client]:
        """An account, and a client with its token."""
        account = UserId(uuid4())
        return account, Client(self.url, self.issuer.token(account, **claims))

    def anonymous(self) -> Client:
        """A client without a token."""
        return Client(self.url)


def is_up(redis_url: str) -> bool:
    try:
        with connect(redis_url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@contextmanager
def gateway_under_test(
    redis_url: str,
    *,
    timeout: float = TIMEOUT,
    feed: IdentityFeed | None = None,
    issuer: Issuer | None = None,
    ready: bool = True,
    leased: bool = True,
    **settings: Any,
) -> Iterator[GatewayUnderTest]:
    """Starts it, and waits until it is `ready`; `settings` are fields that differ. A cached response is sent only while
    it is `leased`, as a relay does."""
    assert settings.keys() <= Settings.model_fields.keys(), settings
    issuer = issuer or Issuer()
    auth, expenses, insights = stubs = [StubService(name, issuer) for name in ("auth", "expenses", "insights")]
    auth.feed = feed or auth.feed
    with ExitStack() as stack:
        urls = {stub.name: stack.enter_context(serving(stub)) for stub in stubs}
        values = Settings.model_validate(
            {
                "redis_url": redis_url,
                "jwks_url": f"{urls['auth']}/.well-known/jwks.json",
                "outlay_public_url": PUBLIC,
                "service_keys": KEYS,
                **{f"{name}_url": url for name, url in urls.items()},
                **GENEROUS,
                **settings,
            }
        )
        if leased:
            stack.enter_context(renewed_cache_lease(values.response_cache_url.get_secret_value()))
        app = create(values)
        url = stack.enter_context(serving(app, http=Protocol))
        anyone = Client(url)
        if ready:
            until(lambda: anyone.get("/readyz").status == 200, what="the gateway to be ready", timeout=timeout)
        if ready and leased and is_up(redis_url):
            until(app.cached_responses.lease.is_held, what="the lease to be seen", timeout=timeout)
        yield GatewayUnderTest(url, issuer, auth, expenses, insights, values)

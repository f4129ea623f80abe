"""A gateway in front of a running auth, with stubs for the other services."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.auth import SERVICE_KEY, Auth
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test


@contextmanager
def gateway_with_auth(auth: Auth, redis_url: str) -> Iterator[GatewayUnderTest]:
    keys = {"gateway>auth": SERVICE_KEY}
    jwks_url = f"{auth.url}/.well-known/jwks.json"
    with gateway_under_test(redis_url, auth_url=auth.url, jwks_url=jwks_url, service_keys=keys) as gateway:
        yield gateway

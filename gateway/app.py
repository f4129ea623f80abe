"""Composition root of the gateway: the only file that knows all of it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from chassis.http import problems
from chassis.process import collector, descriptors, metrics
from chassis.process.clock import require_set
from chassis.process.logging import configure
from chassis.redis.client import connect_async
from chassis.security.access_tokens import AccessVerifier, KeySet
from chassis.security.service_tokens import ServiceTokens
from gateway.authentication.api_tokens import ApiTokenExchange
from gateway.authentication.auth_client import AuthClient
from gateway.authentication.csrf import CrossSiteGuard
from gateway.authentication.first_uses import FirstUses
from gateway.authentication.journal_reader import IdentityJournalReader
from gateway.authentication.revocations import Revocations
from gateway.authentication.sessions import Authenticator
from gateway.client_addresses import TrustedProxies
from gateway.forwarding.proxy import Proxy
from gateway.gateway_app import GatewayApp
from gateway.http import response_headers
from gateway.http.connections import ConnectionLimits
from gateway.http.cors import Cors
from gateway.http.hosts import KnownHosts
from gateway.operations import health
from gateway.operations.health import Readiness
from gateway.operations.proxy_notice import ProxyNotice
from gateway.operations.request_log import LineWriter, RequestLog
from gateway.pages import docs
from gateway.pages.web_app import WebApp
from gateway.rate_limits.caller_limits import CallerLimiter
from gateway.rate_limits.shared_counts import SharedLimitCounts
from gateway.response_cache.fast_path import CachedResponseReader
from gateway.response_cache.hashes import RedisHashes
from gateway.response_cache.lease import LeaseMonitor
from gateway.route_limits import named_routes
from gateway.route_limits.refresh_keys import RefreshKeys
from gateway.routes import Service
from gateway.settings import Settings
from gateway.upstreams.upstream import Upstream

log = logging.getLogger(__name__)


def create(settings: Settings | None = None) -> GatewayApp:
    """Creates the gateway as an ASGI app."""
    require_set()
    settings = settings or Settings()
    configure("gateway", settings.log_level)
    upstreams = {
        Service.AUTH: Upstream(Service.AUTH, settings.auth_url),
        Service.EXPENSES: Upstream(Service.EXPENSES, settings.expenses_url),
        Service.INSIGHTS: Upstream(Service.INSIGHTS, settings.insights_url, settings.streams),
    }
    hashes, lines, revocations = (
        RedisHashes(settings.response_cache_url.get_secret_value()),
        LineWriter(),
        Revocations(),
    )
    lease = LeaseMonitor(hashes)
    limit = CallerLimiter(settings.gateway_rate_limit)
    readiness = Readiness(upstreams, revocations)
    identity = AuthClient(upstreams[Service.AUTH], ServiceTokens("gateway", settings.service_keys))
    first_uses = FirstUses(identity)
    proxy_notice = ProxyNotice(connect_async(settings.redis_url), is_named=bool(settings.gateway_trusted_proxies))

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            metrics.serve(settings)
            lines.start()
            stack.callback(lines.stop)
            for upstream in upstreams.values():
                await upstream.open()
                stack.push_async_callback(upstream.close)
            hashes.start()
            stack.push_async_callback(hashes.stop)
            lease.start()
            stack.push_async_callback(lease.stop)
            reader = IdentityJournalReader(identity, connect_async(settings.redis_url), revocations)
            reader.start()
            stack.push_async_callback(reader.stop)
            first_uses.start()
            stack.push_async_callback(first_uses.stop)
            stack.push_async_callback(proxy_notice.stop)
            shared = SharedLimitCounts(connect_async(settings.redis_url), limit.windows)
            shared.start()
            stack.push_async_callback(shared.stop)
            watching = asyncio.create_task(readiness.watch())
            stack.callback(watching.cancel)
            _warn(settings)
            collector.tune()
            yield

    https, proxies = settings.cookies.secure, TrustedProxies(settings.gateway_trusted_proxies)
    return GatewayApp(
        request_log=RequestLog(lines),
        proxies=proxies,
        proxy_notice=proxy_notice,
        connections=ConnectionLimits(
            settings.gateway_connections, settings.gateway_connections_each, descriptors.raise_limit(), proxies
        ),
        hosts=KnownHosts(
            settings.hosts, refuse=settings.gateway_host_check == "refuse", loopback=settings.gateway_loopback
        ),
        security_headers=response_headers.security(https=https),
        cors=Cors(settings.gateway_allowed_origins),
        sessions=Authenticator(
            settings.cookies,
            AccessVerifier(KeySet(settings.jwks_url)),
            ApiTokenExchange(identity, CallerLimiter(settings.gateway_sign_in_limit)),
            revocations.is_stale,
        ),
        first_uses=first_uses,
        refresh_keys=RefreshKeys(settings.cookies),
        caller_limit=limit,
        cross_site_guard=CrossSiteGuard(settings.cookies, settings.origin, settings.gateway_allowed_origins),
        revocations=revocations,
        cached_responses=CachedResponseReader(hashes, lease),
        proxy=Proxy(upstreams, settings.cookies, revocations, limit.pace),
        app=_inside(settings, readiness, life),
    )


def _inside(
    settings: Settings, readiness: Readiness, life: Callable[[FastAPI], AbstractAsyncContextManager[None]]
) -> FastAPI:
    """Creates the FastAPI app inside. It has no description of its own: the API's is docs/openapi.json."""
    app = FastAPI(title="Outlay", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    health.install(app, readiness)
    docs.install(app)
    named_routes.install(app, named_routes.limiter(settings), settings)
    if settings.gateway_web_root.is_dir():
        app.mount("/", WebApp(settings.gateway_web_root))
    else:
        log.warning("the web app is not built", extra={"expected_at": str(settings.gateway_web_root)})
    return app


def _warn(settings: Settings) -> None:
    if not settings.cookies.secure:
        log.info("served over http: fine on this machine or at home; on the internet, put https in front")

"""The factory of every service's web app: errors, health, request ids, log lines and metrics."""

import logging
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.database.engine import Database
from chassis.database.startup import StartupErrorMiddleware
from chassis.errors import TooLarge, UnsupportedMediaType
from chassis.http import database_problems, problems
from chassis.http.components import Components
from chassis.process import collector, descriptors, metrics
from chassis.process.logging import request_id
from contracts.headers import REQUEST_ID

MAX_BODY_BYTES = 1024 * 1024
"""Bytes of a JSON request at most: a batch of 500 expenses with long notes fits."""

SWITCH_INTERVAL = 0.001
"""Seconds after which a computing thread yields to another. With Python's default of 5 ms, a short request waits that
long for each long one beside it, every time that it returns from the database."""

NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own OpenTelemetry would measure every request a second time."""

_TOO_LARGE = TooLarge(f"At most {MAX_BODY_BYTES // 1024} KiB at once.")

log = logging.getLogger("outlay.request")


def create_app(
    title: str,
    routers: Iterable[APIRouter],
    *,
    database: Database,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    components: Components,
) -> FastAPI:
    """Creates a service's app, which is ready while its database is. `components` are what its endpoints get."""
    app = FastAPI(
        title=title, lifespan=lifespan, telemetry=NO_TELEMETRY, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.components = components
    problems.install(app)
    database_problems.install(app, database)
    for router in routers:
        app.include_router(router)
    app.include_router(_health(database))
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestLogging)
    app.add_middleware(StartupErrorMiddleware, database=database)
    collector.tune()
    descriptors.raise_limit()
    sys.setswitchinterval(SWITCH_INTERVAL)
    return app


def _health(database: Database) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    def readyz() -> JSONResponse:
        report = database.health.report() if database.is_available() else {"status": "not ready"}
        return JSONResponse(report, status_code=200 if report["status"] == "ready" else 503)

    return router


def json_body(request: Request) -> None:
    """Dependency of routes that read JSON: refuses any other content type with 415, before the body is read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        msg = "Send JSON, with the header Content-Type: application/json."
        raise UnsupportedMediaType(msg)


class BodyLimit:
    """Refuses a body over MAX_BODY_BYTES, declared or not. FastAPI's own limit responds in plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts received bytes, so that chunked bodies are limited too."""
        declared = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif declared.isdigit() and int(declared) > MAX_BODY_BYTES:
            await problems.respond(_TOO_LARGE)(scope, receive, send)
        else:
            await self.app(scope, _counting(receive), send)


def _counting(receive: Receive) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY_BYTES:
            raise _TOO_LARGE
        return message

    return counted


class RequestLogging:
    """Gives each request an id, a log line and metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request under its id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(REQUEST_ID.lower().encode(), b"").decode("latin-1")
        token = request_id.set(given if _is_id(given) else uuid.uuid4().hex)
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((REQUEST_ID.lower().encode(), (request_id.get() or "").encode()))
            await send(message)

        started = time.perf_counter()
        try:
            await self.app(scope, receive, noted)
        finally:
            _log_request(scope, status, time.perf_counter() - started)
            request_id.reset(token)


def _is_id(text: str) -> bool:
    return 8 <= len(text) <= 64 and text.isascii() and text.replace("-", "").isalnum()  # noqa: PLR2004 - any usual id


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "none")
    if route in {"/livez", "/readyz"}:
        return
    metrics.requests.labels(scope["method"], route, str(status)).inc()
    metrics.duration.labels(route).observe(seconds)
    log.info(
        "request",
        extra={
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "duration_ms": round(seconds * 1000, 2),
        },
    )


@asynccontextmanager
async def no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    """A lifespan that starts and stops nothing."""
    yield

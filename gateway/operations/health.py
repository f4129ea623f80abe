"""Liveness of this process, and readiness of every service behind it."""

import asyncio
import logging
from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from gateway.authentication.revocations import Revocations
from gateway.routes import Service
from gateway.upstreams.upstream import Upstream

log = logging.getLogger(__name__)

INTERVAL = 0.2
"""Seconds between two checks of a service that is not ready yet."""


class Readiness:
    """Ready once every service was ready and the identity journal was read; and from then on.

    A service that fails later must not make the others, or the app's files, unavailable.
    """

    def __init__(self, upstreams: Mapping[Service, Upstream], revocations: Revocations) -> None:
        self._upstreams = upstreams
        self._revocations = revocations
        self.missing = set(upstreams)

    def waiting_for(self) -> list[str]:
        """Returns the services that were not ready yet."""
        unknown = [] if self._revocations.record else ["identity"]
        return sorted(self.missing) + unknown

    async def watch(self) -> None:
        """Checks the services until all were ready."""
        while self.missing:
            services = sorted(self.missing)
            results = await asyncio.gather(*(self._upstreams[service].is_ready() for service in services))
            self.missing -= {service for service, ready in zip(services, results, strict=True) if ready}
            await asyncio.sleep(INTERVAL if self.missing else 0)
        log.info("every service is ready")


def install(app: FastAPI, readiness: Readiness) -> None:
    """Adds the health endpoints, without limits: an orchestrator that is refused would restart the process."""

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        if waiting := readiness.waiting_for():
            return JSONResponse({"status": "not ready", "waiting_for": waiting}, status_code=503)
        return JSONResponse({"status": "ready"})

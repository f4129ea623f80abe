"""Whether this process lives, and whether every service behind it has been there."""

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
"""Seconds between two looks at a service that is not there yet."""


class Readiness:
    """Ready once each service has said that it is, and it is known who is refused; and from then on.

    A service that fails later must not take the others, or the app's files, off the net.
    """

    def __init__(self, upstreams: Mapping[Service, Upstream], revocations: Revocations) -> None:
        self._upstreams = upstreams
        self._revocations = revocations
        self.missing = set(upstreams)

    def waiting_for(self) -> list[str]:
        """What has not been there yet."""
        unknown = [] if self._revocations.record else ["identity"]
        return sorted(self.missing) + unknown

    async def watch(self) -> None:
        """Asks the services until all have answered."""
        while self.missing:
            asked = sorted(self.missing)
            answers = await asyncio.gather(*(self._upstreams[service].is_ready() for service in asked))
            self.missing -= {service for service, ready in zip(asked, answers, strict=True) if ready}
            await asyncio.sleep(INTERVAL if self.missing else 0)
        log.info("every service is there")


def install(app: FastAPI, readiness: Readiness) -> None:
    """Adds health. These two are under no limit: an orchestrator that is refused would restart us."""

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        if waiting := readiness.waiting_for():
            return JSONResponse({"status": "not ready", "waiting_for": waiting}, status_code=503)
        return JSONResponse({"status": "ready"})

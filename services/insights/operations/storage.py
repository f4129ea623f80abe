"""Storage health of each service's database, for the operator's command."""

from collections.abc import Mapping
from typing import Self
from urllib.parse import urljoin

import urllib3
from pydantic import BaseModel, ValidationError

from chassis.database.engine import Database
from chassis.database.maintenance import check
from services.insights.settings import Settings


class ServiceStorage(BaseModel):
    """The storage of a service: `ready`, `damaged`, `not ready`, or `no answer`, and a remedy."""

    service: str
    status: str
    detail: str = ""


class StorageProbe:
    """Reads /readyz of the other services, and checks the database of insights itself."""

    def __init__(self, others: Mapping[str, str], database: Database) -> None:
        """`others` are base URLs by name."""
        self._others = others
        self._database = database
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=0.5, read=2), retries=False)

    @classmethod
    def of(cls, settings: Settings, database: Database) -> Self:
        """Returns the probe. The address of auth is that of its public keys."""
        auth = {"auth": urljoin(settings.jwks_url, "/")} if settings.jwks_url else {}
        return cls({**auth, "expenses": settings.expenses_url}, database)

    def run(self) -> list[ServiceStorage]:
        """Returns the storage of each known service."""
        check(self._database)
        own = ServiceStorage.model_validate({"service": "insights", **self._database.health.report()})
        return [*(self._ask(service, base) for service, base in self._others.items()), own]

    def _ask(self, service: str, base: str) -> ServiceStorage:
        try:
            answer = self._http.request("GET", urljoin(base, "/readyz")).json()
            return ServiceStorage.model_validate({**answer, "service": service})
        except (urllib3.exceptions.HTTPError, ValueError, TypeError, ValidationError):
            return ServiceStorage(service=service, status="no answer")

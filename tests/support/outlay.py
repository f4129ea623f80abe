"""The operator's command as a person calls it, in the test's own process."""

import json
from collections.abc import Callable
from typing import NamedTuple

from chassis.process.secret_urls import reveal
from tests.support.ledger_services import LedgerServices


class CommandResult(NamedTuple):
    text: str
    code: object

    def line(self, beginning: object) -> str:
        """The one line that begins so."""
        (found,) = [line for line in self.text.splitlines() if line.startswith(str(beginning))]
        return found


Outlay = Callable[..., CommandResult]


def environment_of(services: LedgerServices) -> dict[str, str]:
    """What the consumer of that world is told."""
    settings = services.insights_settings
    keys = {pair: key.get_secret_value() for pair, key in settings.service_keys.items()}
    told = {"DATABASE_URL": reveal(settings.database_url), "REDIS_URL": reveal(settings.redis_url)}
    return {**told, "EXPENSES_URL": settings.expenses_url, "SERVICE_KEYS": json.dumps(keys)}

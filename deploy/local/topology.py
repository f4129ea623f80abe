"""The programs of the embedded stack, in the order in which they start, with their environments."""

import json
import sys
from collections.abc import Mapping
from typing import NamedTuple, Self

from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.ports import free_ports
from deploy.local.program import Program
from deploy.local.redis_server import configuration, find_redis
from deploy.local.workshop import ROOT

_OURS = (
    *("OUTLAY_", "GATEWAY_", "OPENAI_", "CELERY_", "DATABASE_URL", "REDIS_URL", "SERVICE_KEYS", "METRICS_"),
    *("EXPENSES_", "SESSION_", "SMTP_", "MAIL_", "KEY_"),
)
"""Settings, which reach only the processes listed below. Other variables reach all."""
_OF_EXPENSES = ("EXPENSES_MAX_CATEGORIES", "EXPENSES_QUOTA_MB", "EXPENSES_WRITE_MB_PER_MINUTE")
_OF_AUTH = ("GATEWAY_CROSS_SITE", "SESSION_", "OUTLAY_REGISTRATION", "SMTP_URL", "MAIL_FROM", "KEY_ROTATION_DAYS")
NO_WORD_ABOUT_ROOT = "ignore::UserWarning:celery.platforms"
"""Silences Celery's warning to root about pickled tasks: ours are JSON, and containers run as root."""


class Ports(NamedTuple):
    """Loopback ports of the inner programs."""

    redis: int
    auth: int
    expenses: int
    insights: int

    @classmethod
    def free(cls) -> Self:
        """Returns unused ports."""
        return cls(*free_ports(len(cls._fields)))


def programs(home: Home, address: Address, given: Mapping[str, str], ports: Ports | None = None) -> list[Program]:
    """`given` is the environment in which Outlay was started."""
    secrets = home.secrets()
    redis, auth, expenses, insights = ports or Ports.free()
    book_key = {"insights>expenses": secrets.insights_to_expenses}
    ledger_key = {"expenses>auth": secrets.expenses_to_auth}
    door_key = {"gateway>auth": secrets.gateway_to_auth}
    erasure_of_book = {"auth>expenses": secrets.auth_to_expenses}
    erasure_of_totals = {"auth>insights": secrets.auth_to_insights}
    everyone = _inherited(given) | {
        "REDIS_URL": f"redis://:{secrets.redis_password}@127.0.0.1:{redis}/0",
        "JWKS_URL": f"http://127.0.0.1:{auth}/.well-known/jwks.json",
        "LOG_LEVEL": given.get("LOG_LEVEL", "WARNING"),
    }
    of_insights = everyone | {
        "DATABASE_URL": home.database_url("insights"),
        "EXPENSES_URL": f"http://127.0.0.1:{expenses}",
        "SERVICE_KEYS": json.dumps(book_key | erasure_of_totals),
    }
    return [
        Program(
            "redis",
            (find_redis(), "-"),
            everyone,
            stdin=configuration(redis, secrets.redis_password, home.path),
            quiet=True,
        ),
        Program(
            "auth",
            _served("services.auth.app", auth),
            everyone
            | {
                "DATABASE_URL": home.database_url("auth"),
                "OUTLAY_SECRET_KEY": secrets.secret_key,
                "OUTLAY_PUBLIC_URL": address.public_url,
                "EXPENSES_URL": f"http://127.0.0.1:{expenses}",
                "INSIGHTS_URL": f"http://127.0.0.1:{insights}",
                "SERVICE_KEYS": json.dumps(ledger_key | door_key | erasure_of_book | erasure_of_totals),
            }
            | _taken(given, *_OF_AUTH),
        ),
        Program(
            "expenses",
            _served("services.expenses.app", expenses),
            everyone
            | {
                "DATABASE_URL": home.database_url("expenses"),
                "AUTH_URL": f"http://127.0.0.1:{auth}",
                "SERVICE_KEYS": json.dumps(ledger_key | book_key | erasure_of_book),
            }
            | _taken(given, *_OF_EXPENSES),
        ),
        Program("insights", _served("services.insights.app", insights), of_insights | _taken(given, "OPENAI_")),
        Program(
            "gateway",
            (*_served("gateway.app", address.port, host=address.host), "--http", "gateway.http.protocol:Protocol"),
            everyone
            | {
                "AUTH_URL": f"http://127.0.0.1:{auth}",
                "EXPENSES_URL": f"http://127.0.0.1:{expenses}",
                "INSIGHTS_URL": f"http://127.0.0.1:{insights}",
                "OUTLAY_PUBLIC_URL": address.public_url,
                "GATEWAY_HOST_CHECK": home.host_check(),
                "GATEWAY_LOOPBACK": str(address.is_local).lower(),
                "SERVICE_KEYS": json.dumps(door_key),
                "GATEWAY_WEB_ROOT": str(ROOT / "frontend" / "dist"),
                "LOG_LEVEL": given.get("LOG_LEVEL", "INFO"),
            }
            | _taken(given, "GATEWAY_"),
        ),
        Program("consumer", (sys.executable, "-m", "services.insights.consumer"), of_insights, later=True),
        Program(
            "worker",
            (sys.executable, "-m", "services.insights.tasks", "--concurrency", "1"),
            of_insights | {"PYTHONWARNINGS": NO_WORD_ABOUT_ROOT} | _taken(given, "OPENAI_"),
            later=True,
        ),
    ]


def _served(app: str, port: int, host: str = "127.0.0.1") -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "uvicorn", f"{app}:create", "--factory"),
        *("--host", host, "--port", str(port)),
        *("--log-level", "warning", "--no-access-log", "--no-server-header", "--no-proxy-headers"),
        *("--timeout-graceful-shutdown", "1"),
    )


def _inherited(given: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in given.items() if not name.startswith(_OURS)}
    return inherited | {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}


def _taken(given: Mapping[str, str], *prefixes: str) -> dict[str, str]:
    return {name: value for name, value in given.items() if name.startswith(prefixes)}

"""auth as a real server, and a caller who talks to it."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import SecretStr

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.process.clock import Clock, utc_now
from chassis.security.service_tokens import ServiceTokens
from contracts.cookies import SessionCookies
from services.auth.app import create
from services.auth.migrations import FOLDER
from services.auth.settings import Settings
from services.auth.signing_keys.encryption import Encryption
from services.auth.signing_keys.signing_keys import SigningKeys
from tests.support.client import ApiResponse, Client
from tests.support.serving import serving

T = TypeVar("T")

HTTP = "http://localhost:8000"
HTTPS = "https://outlay.example"
SECRET_KEY = secrets.token_hex(32)
SERVICE_KEY = secrets.token_hex(32)
PASSWORD = "a long walk home"
ROTATION = timedelta(days=90)


class MovableClock:
    """A clock whose hands a test can move."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._passed = 0.0

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        """Seconds that have passed, unaffected by setting the clock."""
        return time.monotonic() + self._passed

    def forward(self, **by: float) -> None:
        """Time passes."""
        self._ahead += timedelta(**by)
        self._passed += timedelta(**by).total_seconds()

    def jump(self, **by: float) -> None:
        """Sets the clock, in either direction."""
        self._ahead += timedelta(**by)

    def back(self) -> None:
        """To the right time: the verifier of a token has its own clock."""
        self._ahead = timedelta(0)


class StoppedClock(MovableClock):
    """Such a clock that stands still until a test moves it."""

    def __init__(self) -> None:
        super().__init__()
        self._stopped = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._stopped + self._ahead

    def monotonic(self) -> float:
        return self._passed


def unused_email() -> str:
    """An unused address."""
    return f"{uuid4().hex}@example.org"


def settings(database_url: str, **different: Any) -> Settings:
    told: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": "redis://127.0.0.1:1/0",
        "expenses_url": "http://127.0.0.1:1",
        "insights_url": "http://127.0.0.1:1",
        "outlay_public_url": HTTP,
        "outlay_secret_key": SecretStr(SECRET_KEY),
        "service_keys": {f"{caller}>auth": SecretStr(SERVICE_KEY) for caller in ("expenses", "gateway")},
        "log_level": "WARNING",
    }
    return Settings.model_validate(told | different)


def service_token(caller: str = "expenses", callee: str = "auth", key: str = SERVICE_KEY) -> str:
    """What a service sends with a call; by default to this auth."""
    return ServiceTokens(caller, {f"{caller}>{callee}": SecretStr(key)}).issue(callee)


def signing_keys(database: Database, secret: str = SECRET_KEY, clock: Clock = utc_now) -> SigningKeys:
    """The keys of one more instance over this database."""
    return SigningKeys(database, Encryption(secret), ROTATION, clock)


def migrate(database_url: str) -> None:
    """What `Databases.copy_of` needs: the schema, without any row."""
    database = Database(database_url)
    migrations.upgrade(database, FOLDER)
    database.close()


class AuthResponse:
    """An answer of auth, with the cookies that it sets."""

    def __init__(self, response: ApiResponse, names: SessionCookies) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body: Any = response.json if response.body else None
        self.set_cookies = {line.partition("=")[0]: line for line in response.headers.getlist("set-cookie")}
        self._names = names

    @property
    def access(self) -> str:
        token: str = self.body["access_token"]
        return token

    @property
    def refresh(self) -> str:
        """The refresh token in the cookie."""
        return self.set_cookies[self._names.refresh].partition(";")[0].partition("=")[2]

    @property
    def bad_fields(self) -> set[str]:
        return {error["pointer"] for error in self.body["errors"]}


class Auth:
    """A running instance, spoken to without a browser: nothing is sent that the test did not say."""

    def __init__(self, url: str, names: SessionCookies) -> None:
        self.url = url
        self.names = names
        self._client = Client(url)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> AuthResponse:
        return AuthResponse(self._client.call(method, path, body, raw=None, **headers), self.names)

    def send(self, path: str, raw: bytes, kind: str) -> AuthResponse:
        """Posts what need not be JSON."""
        return AuthResponse(self._client.call("POST", path, raw=raw, Content_Type=kind), self.names)

    def register(
        self, email: str = "", *, address: str | None = None, local: bool = True, **fields: Any
    ) -> AuthResponse:
        """On this machine unless it is not `local`."""
        body = {"email": email or unused_email(), "password": PASSWORD} | fields
        headers = {"Outlay_Address": address} if address else {}
        headers |= {"Outlay_Loopback": "true"} if local else {}
        return self.call("POST", "/api/v1/auth/register", body, **headers)

    def login(self, email: str, password: str = PASSWORD, **headers: str) -> AuthResponse:
        return self.call("POST", "/api/v1/auth/login", {"email": email, "password": password}, **headers)

    def refresh(self, token: str) -> AuthResponse:
        return self.call("POST", "/api/v1/auth/refresh", Cookie=f"{self.names.refresh}={token}")

    def logout(self, **headers: str) -> AuthResponse:
        return self.call("POST", "/api/v1/auth/logout", **headers)

    def get(self, path: str, token: str) -> AuthResponse:
        return self.signed_in("GET", path, token)

    def signed_in(self, method: str, path: str, token: str, body: Any = None) -> AuthResponse:
        """A call with an access token."""
        return self.call(method, path, body, Authorization=f"Bearer {token}")

    def sessions(self, token: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get("/api/v1/auth/sessions", token).body["items"]
        return items


@contextmanager
def running_auth(told: Settings, clock: Clock | None = None) -> Iterator[Auth]:
    """One instance of auth on a port of the loopback."""
    clock = clock or MovableClock()
    monotonic = clock.monotonic if isinstance(clock, MovableClock) else time.monotonic
    with serving(create(told, clock, monotonic)) as url:
        yield Auth(url, told.cookies)


def concurrently(*calls: Callable[[], T]) -> list[T]:
    """What each call returns when all are let go at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))

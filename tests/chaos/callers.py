"""Calls through the gateway, each noted: what was asked, and whether that was answered, refused or is unknown."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import urllib3

from tests.chaos.history import ChaosHistory
from tests.support.waiting import until

PASSWORD = "a calm river at dawn"
TOKEN_LIFE = 480.0
"""Seconds after which a client signs in again; a token lives ten minutes."""
PATIENCE = urllib3.Timeout(connect=1, read=6)
"""Longer than insights may take to give up, shorter than a stopped process may sleep: some calls end unknown."""


@dataclass
class SharedKnowledge:
    """What the clients of one ledger know of it together; only ever a hint."""

    ids: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    seen: int = 0
    """The highest revision that any of them has seen."""


class ChaosAccount:
    """A user of a shared ledger. Each client is one of its own: the gateway lets a user write once at a time."""

    def __init__(self, base: str, http: urllib3.PoolManager, owner: "ChaosAccount | None" = None) -> None:
        """A member of that owner's ledger, or the owner of a new one."""
        self._base = base
        self._http = http
        self._lock = threading.Lock()
        self._token = ""
        self._since = 0.0
        self.email = f"{uuid4().hex}@outlay.example"
        self.known: SharedKnowledge = owner.known if owner else SharedKnowledge()
        until(lambda: self._enter("register", {"email": self.email, "password": PASSWORD}), what="an account")
        self.ledger: str = (
            owner._admit(self) if owner else self._post("ledgers", name="Household", currency="EUR")["id"]
        )
        self.expire()  # the next token names the ledger

    def token(self) -> str:
        """One that is young enough; the old one while no client can sign in."""
        with self._lock:
            if time.monotonic() - self._since > TOKEN_LIFE:
                self._enter("login", {"email": self.email, "password": PASSWORD})
            return self._token

    def expire(self) -> None:
        """The token was refused."""
        self._since = -TOKEN_LIFE

    def _admit(self, member: "ChaosAccount") -> str:
        token = self._post(f"ledgers/{self.ledger}/invitations", role="editor")["token"]
        member._post("invitations/accept", token=token)
        return self.ledger

    def _post(self, path: str, **body: str) -> dict[str, Any]:
        """Before the faults begin, so it is answered."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        response = self._http.request("POST", f"{self._base}/api/v1/{path}", json=body, headers=headers)
        assert response.status in {200, 201}, response.data
        answer: dict[str, Any] = response.json()
        return answer

    def _enter(self, how: str, body: dict[str, str]) -> bool:
        try:
            response = self._http.request("POST", f"{self._base}/api/v1/auth/{how}", json=body)
        except urllib3.exceptions.HTTPError:
            return False
        if response.status not in {200, 201}:
            return False
        self._token, self._since = response.json()["access_token"], time.monotonic()
        return True


@dataclass(frozen=True)
class Operation:
    """An operation: what is sent, and what the checker has to know about it."""

    do: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    minimum: int = 0
    key: str | None = None
    op: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True)
class OperationResult:
    """`kind` is ok, fail or unknown."""

    kind: str
    status: int = 0
    revision: int = 0
    action: str | None = None
    body: Any = None


class ChaosCaller:
    """One client's way to the gateway."""

    def __init__(
        self, name: str, base: str, account: ChaosAccount, history: ChaosHistory, http: urllib3.PoolManager
    ) -> None:
        self.name = name
        self.account = account
        self._base = base
        self._history = history
        self._http = http

    def call(self, operation: Operation) -> OperationResult:
        """One attempt. Nothing is retried here: the caller decides."""
        request = uuid4().hex
        headers = {"Authorization": f"Bearer {self.account.token()}", "X-Request-Id": request}
        headers |= {"Outlay-Min-Revision": str(operation.minimum)} if operation.minimum else {}
        headers |= {"Idempotency-Key": operation.key} if operation.key else {}
        same = {"op": operation.op, "request": request, "do": operation.do, "ledger": self.account.ledger}
        invoked = {"client": self.name, "asked": operation.asked, "minimum": operation.minimum}
        self._history.record("invoke", **same, **invoked)
        try:
            url = f"{self._base}{operation.path}{'&' if '?' in operation.path else '?'}ledger={self.account.ledger}"
            response = self._http.request(
                operation.method, url, json=operation.body, headers=headers, redirect=False, timeout=PATIENCE
            )
        except urllib3.exceptions.HTTPError as error:
            self._history.record("unknown", **same, error=type(error).__name__)
            return OperationResult("unknown")
        return self._noted(response, same)

    def _noted(self, response: urllib3.BaseHTTPResponse, same: dict[str, str]) -> OperationResult:
        if response.status >= 500:
            self._history.record("unknown", **same, status=response.status)
            return OperationResult("unknown", response.status)
        if response.status >= 400:
            self._history.record("fail", **same, status=response.status, body=response.data.decode(errors="replace"))
            if response.status == 401:
                self.account.expire()
            return OperationResult("fail", response.status)
        text = response.data.decode()
        revision = int(response.headers.get("Outlay-Revision", "0"))
        action = response.headers.get("Outlay-Action")
        more = {"replayed": True} if "Idempotent-Replayed" in response.headers else {}
        more |= {"hit": True} if "hit" in response.headers.get("Cache-Status", "") else {}
        self._history.record("ok", **same, status=response.status, revision=revision, action=action, body=text, **more)
        return OperationResult("ok", response.status, revision, action, json.loads(text) if text else None)

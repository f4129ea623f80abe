"""A small HTTP client for stories: JSON in, JSON out, nothing retried."""

import json
from typing import Any, NamedTuple

import urllib3


class ApiResponse(NamedTuple):
    """An answer."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def revision(self) -> int:
        return int(self.headers["Outlay-Revision"])


class Client:
    """Calls one base URL, with one bearer token if it has one."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.base = base
        self.token = token
        self._http = urllib3.PoolManager(retries=False, timeout=30, maxsize=8)

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> ApiResponse:
        """Header names are written with underscores; `raw` is sent as it is."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        answer = self._http.request(method, self.base + path, body=data, headers=sent, redirect=False)
        return ApiResponse(answer.status, answer.headers, answer.data)

    def get(self, path: str, **headers: str) -> ApiResponse:
        return self.call("GET", path, raw=None, **headers)

    def post(self, path: str, body: Any, **headers: str) -> ApiResponse:
        return self.call("POST", path, body, raw=None, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> ApiResponse:
        return self.call("PATCH", path, body, raw=None, **headers)

    def delete(self, path: str, **headers: str) -> ApiResponse:
        return self.call("DELETE", path, raw=None, **headers)

"""Reads another service's journal over HTTP: the way to whatever the stream did not bring."""

from typing import Any, TypeVar
from uuid import UUID

import urllib3
from pydantic import BaseModel, ValidationError

from chassis.errors import NotFound, Unavailable
from chassis.logging import request_id
from chassis.service_tokens import ServiceTokens
from contracts.headers import REQUEST_ID
from contracts.journal import FeedPage, HeadsPage

M = TypeVar("M", bound=BaseModel)

EVERYTHING = 2**62
"""A revision that asks for all that a journal has."""


class Unreadable(Unavailable):
    """The other service is there, but fails at this very question: others need not wait for its answer."""


class ServiceClient:
    """Calls to another service's `/internal` routes. Raises NotFound, and Unavailable for anything unexpected."""

    def __init__(self, base_url: str, callee: str, tokens: ServiceTokens) -> None:
        self._base = base_url.rstrip("/")
        self._callee = callee
        self._tokens = tokens
        self._http = urllib3.PoolManager(
            maxsize=10, timeout=urllib3.Timeout(connect=0.5, read=2), retries=urllib3.Retry(1, redirect=0)
        )

    def get(self, path: str, model: type[M]) -> M:
        """One GET, its answer read as the model."""
        return self._call("GET", path, model)

    def post(self, path: str, body: BaseModel, model: type[M], *, patience: float) -> M:
        """One POST, which may take that many seconds; its answer read as the model."""
        timeout = urllib3.Timeout(connect=0.5, read=patience)
        return self._call("POST", path, model, body=body.model_dump_json(), timeout=timeout)

    def _call(self, method: str, path: str, model: type[M], **how: Any) -> M:  # noqa: ANN401 - urllib3's options
        headers = {"Authorization": f"Bearer {self._tokens.issue(self._callee)}", "Content-Type": "application/json"}
        if current := request_id.get():
            headers[REQUEST_ID] = current
        try:
            answer = self._http.request(method, self._base + path, headers=headers, **how)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable from error
        if answer.status == 404:  # noqa: PLR2004 - the well-known one
            raise NotFound
        if answer.status == 500:  # noqa: PLR2004 - as above
            raise Unreadable
        if answer.status != 200:  # noqa: PLR2004 - as above
            raise Unavailable
        try:
            return model.model_validate_json(answer.data)
        except ValidationError as error:
            raise Unreadable from error


class Feed:
    """A journal as its readers see it."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def page(self, ledger: UUID, after: int) -> FeedPage:
        """The entries of a ledger after a revision, a page of about 2 MB."""
        return self._client.get(f"/internal/journal/{ledger}?after={after}", FeedPage)

    def heads(self, after: UUID | None) -> HeadsPage:
        """Where the journals end, ledger by ledger."""
        return self._client.get(f"/internal/heads{'' if after is None else f'?after={after}'}", HeadsPage)

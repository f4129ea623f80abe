"""Requests to a ledger: the caller, and the conditions that the headers set."""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict

from chassis.http.app import json_body
from chassis.http.authorization import AddAccess, LedgerParameter, ReadAccess, RequestVia, WriteAccess, require
from chassis.http.responses import IdempotencyKey, MinRevision
from contracts.identity import Caller, Permission
from contracts.ids import LedgerId
from contracts.journal import Via
from contracts.response_cache import etag_of
from services.expenses.errors import StaleIfMatch


class RequestSchema(BaseModel):
    """A JSON body; undeclared fields are refused."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class ReadRequest:
    """A request to read a ledger."""

    caller: Caller
    min_revision: int = 0
    """The oldest revision that the client accepts."""

    @property
    def ledger(self) -> LedgerId:
        """The requested ledger; the caller may read it."""
        return self.caller.ledger


@dataclass(frozen=True)
class WriteRequest:
    """A request to change a ledger."""

    caller: Caller
    via: Via
    idempotency_key: str | None = None
    if_match: str | None = None

    @property
    def ledger(self) -> LedgerId:
        """The requested ledger; the caller may add to it or change it."""
        return self.caller.ledger

    def require(self, permission: Permission) -> None:
        """Raises Forbidden if the caller lacks the permission."""
        require(self.caller, permission)

    def check_if_match(self, current: BaseModel) -> None:
        """Compares the current state with the client's If-Match. Raises StaleIfMatch."""
        if self.if_match is None or self.if_match.strip() == "*":
            return
        if etag_of(current.model_dump_json().encode()) not in {tag.strip() for tag in self.if_match.split(",")}:
            raise StaleIfMatch


@dataclass(frozen=True)
class Idempotency:
    """A client's key for a write, and the hash of the request."""

    key: str
    fingerprint: str

    @classmethod
    def of(cls, key: str | None, body: BaseModel | None) -> "Idempotency | None":
        """Returns None if the client sent no key, or if the request has no body to compare."""
        if not key or body is None:
            return None
        # An omitted field is not the same as a null, which clears the field. Stored hashes contain the class name.
        text = f"{type(body).__name__} {body.model_dump_json(exclude_unset=True)}"
        return cls(key, hashlib.blake2b(text.encode(), digest_size=32).hexdigest())


async def _read(caller: ReadAccess, minimum: MinRevision) -> ReadRequest:
    return ReadRequest(caller, minimum)


async def _add(caller: AddAccess, via: RequestVia, key: IdempotencyKey) -> WriteRequest:
    return WriteRequest(caller, via, idempotency_key=key)


async def _change(caller: WriteAccess, via: RequestVia, http: Request) -> WriteRequest:
    return WriteRequest(caller, via, if_match=http.headers.get("if-match"))


async def _no_other_parameters(_: LedgerParameter) -> None:
    """Refuses query parameters other than `ledger`."""


Read = Annotated[ReadRequest, Depends(_read)]
"""A request of a caller who may read the ledger."""
Add = Annotated[WriteRequest, Depends(_add)]
"""A request of a caller who may add to the ledger; it can be repeated with its Idempotency-Key."""
Change = Annotated[WriteRequest, Depends(_change)]
"""A request of a caller who may change the ledger, with its If-Match."""

LEDGER_ONLY = Depends(_no_other_parameters)
"""For routes without query parameters of their own."""
JSON = Depends(json_body)
"""For routes that read a JSON body."""

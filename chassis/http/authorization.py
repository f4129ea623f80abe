"""Who may pass: dependencies that put the access rule into a route's signature."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from chassis.errors import Forbidden, NotFound, Unauthenticated
from chassis.security.access_tokens import AccessVerifier
from chassis.security.service_tokens import ServiceTokens
from contracts.headers import VIA
from contracts.identity import Caller, Claims, Deed, Scope, can
from contracts.journal import Via


class LedgerQuery(BaseModel):
    """The parameter that every book and insight route takes; any that is not declared is refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    ledger: str | None = Field(default=None, description="Id of a ledger; the caller's own where absent.")


def bearer(request: Request) -> str:
    """The bearer token of a request. Raises Unauthenticated where there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()


def _service(request: Request) -> str:
    tokens: ServiceTokens = request.app.state.service_tokens
    return tokens.caller(bearer(request))


def from_service(name: str) -> Any:  # noqa: ANN401 - FastAPI's marker, as a route's dependencies have it
    """For routes under `/internal` that one service alone may call."""

    def check(caller: Annotated[str, Depends(_service)]) -> None:
        if caller != name:
            raise Unauthenticated

    return Depends(check)


def _claims(request: Request) -> Claims:
    verifier: AccessVerifier = request.app.state.verifier
    return verifier.verify(bearer(request))


def _caller(request: Request, claims: Annotated[Claims, Depends(_claims)]) -> Caller:
    text = request.query_params.get("ledger")
    try:
        return Caller.of(claims, UUID(text) if text is not None else None)
    except ValueError as error:
        raise NotFound from error


def _person(claims: Annotated[Claims, Depends(_claims)]) -> Claims:
    if Scope.ACCOUNT not in claims.scopes:
        msg = "This is for people who are signed in, not for programs."
        raise Forbidden(msg)
    return claims


def _member(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    # Another person's ledger is not "forbidden": it does not exist for this caller.
    if caller.ledger not in caller.claims.ledgers:
        raise NotFound
    return caller


def _reader(caller: Annotated[Caller, Depends(_member)]) -> Caller:
    if not can(caller.claims, Deed.READ, caller.ledger):
        msg = "This token may not read."
        raise Forbidden(msg)
    return caller


def _adder(caller: Annotated[Caller, Depends(_member)]) -> Caller:
    require(caller, Deed.ADD)
    return caller


def _writer(caller: Annotated[Caller, Depends(_member)]) -> Caller:
    require(caller, Deed.WRITE)
    return caller


def require(caller: Caller, deed: Deed) -> None:
    """Raises Forbidden where the caller, who is a member, may not change the ledger in this way."""
    if can(caller.claims, deed, caller.ledger):
        return
    if can(caller.claims, Deed.ADD, caller.ledger):
        msg = "This token may add to the ledger, but not change what is there."
    else:
        msg = "You may look at this ledger, but not change it."
    raise Forbidden(msg)


def _via(request: Request) -> Via:
    return Via.WEB if request.headers.get(VIA) == Via.WEB else Via.API


ServiceCaller = Annotated[str, Depends(_service)]
"""Routes under `/internal` take this: the name of the service that calls."""
Bearer = Annotated[Claims, Depends(_claims)]
"""Anyone with a valid access token."""
OneLedger = Annotated[LedgerQuery, Query()]
"""For routes whose only parameter is the ledger."""
Person = Annotated[Claims, Depends(_person)]
"""Somebody who has signed in; a program with a token of theirs is not enough."""
Reader = Annotated[Caller, Depends(_reader)]
"""Someone who may read the ledger asked for; others get 404."""
Adder = Annotated[Caller, Depends(_adder)]
"""Someone who may add to the ledger asked for."""
Writer = Annotated[Caller, Depends(_writer)]
"""Someone who may change the ledger asked for."""
ByMeans = Annotated[Via, Depends(_via)]
"""By which means the caller came; only the gateway can say `web`."""

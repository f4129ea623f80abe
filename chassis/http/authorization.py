"""Authorization: dependencies that put the access rule into a route's signature."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from chassis.errors import Forbidden, NotFound, Unauthenticated
from chassis.http.components import component
from chassis.security.access_tokens import AccessVerifier
from chassis.security.service_tokens import ServiceTokens
from contracts.headers import VIA
from contracts.identity import Caller, Claims, Permission, Scope, can
from contracts.ids import LedgerId
from contracts.journal import Via


class LedgerQuery(BaseModel):
    """The parameter of every ledger and insight route; undeclared parameters are refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    ledger: str | None = Field(default=None, description="Id of a ledger; the caller's own where absent.")


def bearer(request: Request) -> str:
    """Returns the bearer token of a request. Raises Unauthenticated without one."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()


def _service(request: Request, tokens: Annotated[ServiceTokens, Depends(component(ServiceTokens))]) -> str:
    return tokens.caller(bearer(request))


def from_service(name: str) -> Any:  # noqa: ANN401 - FastAPI's marker, as a route's dependencies have it
    """Dependency of `/internal` routes that only this service may call."""

    def check(caller: Annotated[str, Depends(_service)]) -> None:
        if caller != name:
            raise Unauthenticated

    return Depends(check)


def _claims(request: Request, verifier: Annotated[AccessVerifier, Depends(component(AccessVerifier))]) -> Claims:
    return verifier.verify(bearer(request))


def _caller(request: Request, claims: Annotated[Claims, Depends(_claims)]) -> Caller:
    text = request.query_params.get("ledger")
    try:
        return Caller.of(claims, LedgerId(UUID(text)) if text is not None else None)
    except ValueError as error:
        raise NotFound from error


def _user(claims: Annotated[Claims, Depends(_claims)]) -> Claims:
    if Scope.ACCOUNT not in claims.scopes:
        msg = "This is for people who are signed in, not for programs."
        raise Forbidden(msg)
    return claims


def _member(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    # Another person's ledger is not "forbidden": it does not exist for this caller.
    if caller.ledger not in caller.claims.ledgers:
        raise NotFound
    return caller


def _may_read(caller: Annotated[Caller, Depends(_member)]) -> Caller:
    if not can(caller.claims, Permission.READ, caller.ledger):
        msg = "This token may not read."
        raise Forbidden(msg)
    return caller


def _may_add(caller: Annotated[Caller, Depends(_member)]) -> Caller:
    require(caller, Permission.ADD)
    return caller


def _may_write(caller: Annotated[Caller, Depends(_member)]) -> Caller:
    require(caller, Permission.WRITE)
    return caller


def require(caller: Caller, permission: Permission) -> None:
    """Raises Forbidden if the caller, a member, has no such permission for the ledger."""
    if can(caller.claims, permission, caller.ledger):
        return
    if can(caller.claims, Permission.ADD, caller.ledger):
        msg = "This token may add to the ledger, but not change what is there."
    else:
        msg = "You may look at this ledger, but not change it."
    raise Forbidden(msg)


def _via(request: Request) -> Via:
    return Via.WEB if request.headers.get(VIA) == Via.WEB else Via.API


ServiceCaller = Annotated[str, Depends(_service)]
"""The name of the calling service, for routes under `/internal`."""
Bearer = Annotated[Claims, Depends(_claims)]
"""The claims of any valid access token."""
LedgerParameter = Annotated[LedgerQuery, Query()]
"""For routes whose only parameter is the ledger."""
CurrentUser = Annotated[Claims, Depends(_user)]
"""The claims of a signed-in user; an API token is not enough."""
ReadAccess = Annotated[Caller, Depends(_may_read)]
"""A caller who may read the requested ledger; others get 404."""
AddAccess = Annotated[Caller, Depends(_may_add)]
"""A caller who may add to the requested ledger."""
WriteAccess = Annotated[Caller, Depends(_may_write)]
"""A caller who may change the requested ledger."""
RequestVia = Annotated[Via, Depends(_via)]
"""The client of the caller, `web` or `api`; only the gateway can set `web`."""

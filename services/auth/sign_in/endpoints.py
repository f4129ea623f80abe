"""The HTTP door of auth. Guessing passwords is slowed down, and cross-site requests are refused, at the gateway."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.errors import Problem
from chassis.http.app import json_body
from chassis.http.authorization import ServiceCaller, bearer, from_service
from contracts.book import OpenedLedger
from contracts.identity import Claims, GenerationUses
from contracts.journal import FeedPage
from services.auth.schemas import Credentials, Registration, SignedIn
from services.auth.sessions.access_tokens import Admitted
from services.auth.sign_in.cookies import CookieJar
from services.auth.sign_in.service import Identity
from services.auth.signing_keys.signing_keys import SigningKeys
from services.auth.throttling.client_info import Visitor

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
public = APIRouter(tags=["auth"])
internal = APIRouter(prefix="/internal", include_in_schema=False)


def _identity(request: Request) -> Identity:
    identity: Identity = request.app.state.identity
    return identity


def _cookies(request: Request) -> CookieJar:
    cookies: CookieJar = request.app.state.cookies
    return cookies


def _refresh_token(request: Request, cookies: Annotated[CookieJar, Depends(_cookies)]) -> str | None:
    return request.cookies.get(cookies.names.refresh)


def _visitor(request: Request) -> Visitor:
    return Visitor.of(request.headers)


def _maybe_bearer(request: Request) -> Claims | None:
    try:
        claims: Claims = request.app.state.verifier.verify(bearer(request))
    except Problem:
        return None
    return claims


Who = Annotated[Identity, Depends(_identity)]
Cookies = Annotated[CookieJar, Depends(_cookies)]
Visiting = Annotated[Visitor, Depends(_visitor)]
RefreshCookie = Annotated[str | None, Depends(_refresh_token)]
MaybeBearer = Annotated[Claims | None, Depends(_maybe_bearer)]


@router.post("/register", status_code=HTTPStatus.CREATED, dependencies=[Depends(json_body)])
def register(sent: Registration, who: Who, visitor: Visiting, cookies: Cookies, response: Response) -> SignedIn:
    """Makes an account with its personal ledger, and signs in."""
    return _admitted(who.register(sent, visitor), cookies, response)


@router.post("/login", dependencies=[Depends(json_body)])
def login(sent: Credentials, who: Who, visitor: Visiting, cookies: Cookies, response: Response) -> SignedIn:
    """Signs in. Unknown address and wrong password get the same answer."""
    return _admitted(who.sign_in(sent, visitor), cookies, response)


@router.post("/refresh")
def refresh(token: RefreshCookie, visitor: Visiting, who: Who, cookies: Cookies, response: Response) -> SignedIn:
    """Carries the session on, by the refresh cookie alone."""
    # A refused cookie is left in place: the browser may hold a newer one by now, and clearing would sign that one out.
    return _admitted(who.refresh(token, visitor), cookies, response)


@router.post("/logout", status_code=HTTPStatus.NO_CONTENT)
def logout(token: RefreshCookie, claims: MaybeBearer, who: Who, cookies: Cookies, response: Response) -> None:
    """Ends the session and clears the cookies; doing it twice is fine."""
    who.sign_out(claims, token)
    cookies.empty(response)


@public.get("/.well-known/jwks.json")
async def jwks(request: Request, response: Response) -> dict[str, Any]:
    """The public keys that verify access tokens (RFC 7517)."""
    keys: SigningKeys = request.app.state.keys
    response.headers["Cache-Control"] = "public, max-age=300"
    return keys.jwks()


@internal.get("/identity")
def feed(_: ServiceCaller, who: Who, after: Annotated[int | None, Query(ge=0, le=2**62)] = None) -> FeedPage:
    """The journal of identity after a revision; without one, as far back as a token that is still good may reach."""
    return who.feed(after)


@internal.post("/generation-uses", status_code=HTTPStatus.NO_CONTENT, dependencies=[from_service("gateway")])
def confirm_generations(sent: GenerationUses, who: Who) -> None:
    """A gateway has seen access tokens of these generations for the first time."""
    who.confirm(sent)


@internal.get("/ledgers/{id}")
def opened_ledger(id: UUID, _: ServiceCaller, who: Who) -> OpenedLedger:  # noqa: A002 - the path's name for it
    """A ledger's settings, for the book that opens it."""
    return who.ledger(id)


def _admitted(admitted: Admitted, cookies: CookieJar, response: Response) -> SignedIn:
    cookies.fill(response, admitted.answer.access_token, admitted.refresh_token, admitted.lasts)
    response.headers["Cache-Control"] = "no-store"
    return admitted.answer

"""Endpoints of sign-in, sessions and the internal API. The gateway refuses cross-site requests to them."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.errors import Problem
from chassis.http.app import json_body
from chassis.http.authorization import ServiceCaller, bearer, from_service
from chassis.http.components import component
from chassis.security.access_tokens import AccessVerifier
from contracts.book import OpenedLedger
from contracts.identity import Claims, GenerationUses
from contracts.journal import FeedPage
from services.auth.identity.schemas import Credentials, Registration, SignedIn
from services.auth.sessions.access_tokens import SignInResult
from services.auth.sessions.cookies import CookieJar
from services.auth.sign_in.service import SignInService
from services.auth.signing_keys.signing_keys import SigningKeys
from services.auth.throttling.client_info import Client

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
public = APIRouter(tags=["auth"])
internal = APIRouter(prefix="/internal", include_in_schema=False)


Cookies = Annotated[CookieJar, Depends(component(CookieJar))]


def _refresh_token(request: Request, cookies: Cookies) -> str | None:
    return request.cookies.get(cookies.names.refresh)


def _maybe_bearer(
    request: Request, verifier: Annotated[AccessVerifier, Depends(component(AccessVerifier))]
) -> Claims | None:
    try:
        return verifier.verify(bearer(request))
    except Problem:
        return None


SignIn = Annotated[SignInService, Depends(component(SignInService))]
RefreshCookie = Annotated[str | None, Depends(_refresh_token)]
MaybeBearer = Annotated[Claims | None, Depends(_maybe_bearer)]


@router.post("/register", status_code=HTTPStatus.CREATED, dependencies=[Depends(json_body)])
def register(request: Registration, service: SignIn, client: Client, cookies: Cookies, response: Response) -> SignedIn:
    """Creates an account with its personal ledger, and signs in."""
    return _respond(service.register(request, client), cookies, response)


@router.post("/login", dependencies=[Depends(json_body)])
def login(request: Credentials, service: SignIn, client: Client, cookies: Cookies, response: Response) -> SignedIn:
    """Signs in. An unknown address and a wrong password get the same response."""
    return _respond(service.sign_in(request, client), cookies, response)


@router.post("/refresh")
def refresh(token: RefreshCookie, client: Client, service: SignIn, cookies: Cookies, response: Response) -> SignedIn:
    """Refreshes the session, by the refresh cookie alone."""
    # A refused cookie is not cleared: the browser may have a newer one by now, and would be signed out.
    return _respond(service.refresh(token, client), cookies, response)


@router.post("/logout", status_code=HTTPStatus.NO_CONTENT)
def logout(token: RefreshCookie, claims: MaybeBearer, service: SignIn, cookies: Cookies, response: Response) -> None:
    """Ends the session and clears the cookies. Repeating the request is safe."""
    service.sign_out(claims, token)
    cookies.empty(response)


@public.get("/.well-known/jwks.json")
async def jwks(keys: Annotated[SigningKeys, Depends(component(SigningKeys))], response: Response) -> dict[str, Any]:
    """Returns the public keys that verify access tokens (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return keys.jwks()


@internal.get("/identity")
def feed(_: ServiceCaller, service: SignIn, after: Annotated[int | None, Query(ge=0, le=2**62)] = None) -> FeedPage:
    """Returns the identity journal after a revision, or as far back as any valid token may reach."""
    return service.feed(after)


@internal.post("/generation-uses", status_code=HTTPStatus.NO_CONTENT, dependencies=[from_service("gateway")])
def confirm_generations(request: GenerationUses, service: SignIn) -> None:
    """Stores that a gateway has seen access tokens of these generations for the first time."""
    service.confirm(request)


@internal.get("/ledgers/{id}")
def opened_ledger(id: UUID, _: ServiceCaller, service: SignIn) -> OpenedLedger:  # noqa: A002 - the path's name for it
    """Returns a ledger's settings to expenses, which opens its journal with them."""
    return service.ledger(id)


def _respond(result: SignInResult, cookies: CookieJar, response: Response) -> SignedIn:
    cookies.fill(response, result.response.access_token, result.refresh_token, result.lifetime)
    response.headers["Cache-Control"] = "no-store"
    return result.response

"""Endpoints of API tokens."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from chassis.http.app import json_body
from chassis.http.authorization import CurrentUser, from_service
from chassis.http.components import component
from services.auth.api_tokens.schemas import (
    ApiTokenList,
    NewApiToken,
    TokenExchangeRequest,
    TokenExchangeResponse,
    TokenIn,
)
from services.auth.api_tokens.service import ApiTokenService

router = APIRouter(prefix="/api/v1/auth/tokens", tags=["auth"])
internal = APIRouter(prefix="/internal", include_in_schema=False)


Tokens = Annotated[ApiTokenService, Depends(component(ApiTokenService))]


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[Depends(json_body)])
def create_token(request: TokenIn, claims: CurrentUser, tokens: Tokens, response: Response) -> NewApiToken:
    """Creates a token for a program. Needs the password. No later response contains the token."""
    response.headers["Cache-Control"] = "no-store"
    return tokens.create(claims, request)


@router.get("")
def list_tokens(claims: CurrentUser, tokens: Tokens) -> ApiTokenList:
    """Lists the user's tokens, newest first."""
    return tokens.tokens(claims)


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT)
def revoke_token(id: UUID, claims: CurrentUser, tokens: Tokens) -> None:  # noqa: A002 - the path's name for it
    """Revokes a token. Access tokens issued for it are refused within a second."""
    tokens.revoke(claims, id)


@internal.post("/token-exchange", dependencies=[from_service("gateway")])
def exchange_token(request: TokenExchangeRequest, tokens: Tokens) -> TokenExchangeResponse:
    """Exchanges an API token for an access token that is valid for ten minutes at most."""
    return tokens.exchange(request.token)

"""The JSON of API tokens."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from contracts.identity import Scope
from services.auth.identity.schemas import Label, Password, RequestModel

TokenScope = Literal[Scope.READ, Scope.WRITE, Scope.IMPORT]
"""The scopes that an API token may have. None gives access to the account itself."""

MAX_LIFETIME_DAYS = 3650


def _in_order(scopes: list[TokenScope]) -> list[TokenScope]:
    return [scope for scope in (Scope.READ, Scope.WRITE, Scope.IMPORT) if scope in scopes]


class TokenIn(RequestModel):
    """A token to create. Needs the password: an unattended browser must not be enough for a lasting token."""

    password: Password
    name: Label = Field(description="Its purpose.", examples=["Bank import"])
    scopes: Annotated[list[TokenScope], AfterValidator(_in_order)] = Field(min_length=1, max_length=3)
    expires_in_days: int | None = Field(
        default=None, ge=1, le=MAX_LIFETIME_DAYS, description="Days until it expires. It never expires if absent."
    )


class ApiToken(BaseModel):
    """A token as it is listed, without its secret."""

    id: UUID
    name: str
    prefix: str = Field(description="Its first characters.")
    scopes: list[TokenScope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = Field(description="Time of the last use, to the minute.")


class NewApiToken(ApiToken):
    """A new token. No later response contains its secret."""

    token: str


class ApiTokenList(BaseModel):
    """All API tokens of the user."""

    items: list[ApiToken]
    next_cursor: None = None


class TokenExchangeRequest(BaseModel):
    """The token that a program sent to the gateway."""

    token: str = Field(max_length=200, repr=False)


class TokenExchangeResponse(BaseModel):
    """The access token for it, and its lifetime in seconds."""

    access_token: str
    expires_in: int

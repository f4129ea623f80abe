"""The JSON of API tokens."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from contracts.identity import Scope
from services.auth.identity.schemas import Label, Password, RequestModel

TokenScope = Literal[Scope.READ, Scope.WRITE, Scope.IMPORT]
"""What an API token may be good for; never the account itself."""

MAX_LIFETIME_DAYS = 3650


def _in_order(scopes: list[TokenScope]) -> list[TokenScope]:
    return [scope for scope in (Scope.READ, Scope.WRITE, Scope.IMPORT) if scope in scopes]


class TokenIn(RequestModel):
    """A token to make, with the password: a browser left open must not be enough for a lasting token."""

    password: Password
    name: Label = Field(description="What it is for.", examples=["Bank import"])
    scopes: Annotated[list[TokenScope], AfterValidator(_in_order)] = Field(min_length=1, max_length=3)
    expires_in_days: int | None = Field(
        default=None, ge=1, le=MAX_LIFETIME_DAYS, description="It does not expire where absent."
    )


class ApiToken(BaseModel):
    """A token as its owner sees it later."""

    id: UUID
    name: str
    prefix: str = Field(description="How it begins.")
    scopes: list[TokenScope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = Field(description="When it was last used, to the minute.")


class NewApiToken(ApiToken):
    """The only answer that holds the token itself."""

    token: str


class ApiTokenList(BaseModel):
    """All of them at once."""

    items: list[ApiToken]
    next_cursor: None = None


class TokenExchangeRequest(BaseModel):
    """What a program sent to the gateway."""

    token: str = Field(max_length=200, repr=False)


class TokenExchangeResponse(BaseModel):
    """The access token that stands for it."""

    access_token: str
    expires_in: int
